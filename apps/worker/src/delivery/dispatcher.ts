import { setTimeout as delay } from 'node:timers/promises';
import { type Channel, ChannelUnavailableError, type Slot } from '@campaign-manager/channels';
import { wakes } from '@campaign-manager/core/ledger';
import type { MessageDocument } from '@campaign-manager/core/models';
import { insertSettledRows, type RowOutcome, wallTime } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { weightOf } from '@campaign-manager/queues';
import { isTracing, markError, type OpenSpan, outsideTraces, sampled } from '@campaign-manager/runtime';
import type { Contact, Leave } from './breaker.js';
import { contactAfter, createChannelGuard } from './channel-guard.js';
import { createChannelSwitch } from './channel-switch.js';
import { deliverChunk, NOTHING_SENT, type Sent } from './deliver-chunk.js';
import type { Delivery } from './delivery.js';
import { startStopwatch } from './elapsed.js';
import { createFairQueue } from './fair-queue.js';
import { inDoubt } from './in-doubt.js';
import { logOutcome } from './log-outcome.js';
import { openMessageSpan, settleInSpan } from './message-span.js';
import { type PostponeReason, postpone } from './postpone.js';
import type { Recorder } from './recorder.js';
import { destination, unsentRow } from './rows.js';
import { createTokens, tokenWaitMs } from './tokens.js';
import { scheduleRetry, wakeConversation } from './wake.js';

/** Sends everything of one process that goes through one channel, a few chunks at once; campaigns take turns. */
export interface Dispatcher {
  /** Resolves when each of the deliveries has its ledger row and its attempt is over. */
  submit(deliveries: readonly Delivery[]): Promise<void>;
}

interface Queued {
  readonly delivery: Delivery;
  readonly to: string;
  /** It waits for a token until then, by the monotonic clock. */
  readonly until: number;
  /** Of the message, where it is traced. */
  readonly span: OpenSpan | undefined;
  readonly done: (error?: unknown) => void;
}

/** Chunks that are on their way at once: while one waits for MongoDB, the other one is on the wire. */
export const LANES = 2;
/** Messages that are put off together while nothing can be tried. */
const PUT_OFF = 200;

/** `atOnce`: messages that are on their way to the channel at once. */
export function createDispatcher(ports: Ports, channel: Channel, recorder: Recorder, atOnce: number): Dispatcher {
  const queue = createFairQueue<Queued>();
  const tokens = createTokens(ports, channel.name);
  const guard = createChannelGuard(ports, channel.name);
  const channelSwitch = createChannelSwitch(ports, channel.name);
  const lanes = Math.min(LANES, atOnce);
  const chunkSize = Math.min(tokens.largest, Math.max(1, Math.floor(atOnce / lanes)));
  let busy = 0;
  /** Chunks that have left and do not stand in the ledger yet. */
  let recording = 0;

  /** No more chunks wait for their record than are on their way, so that a crash leaves few rows open. */
  function startLanes(): void {
    while (busy < lanes && recording < lanes && queue.size() > 0) {
      busy += 1;
      void outsideTraces(runLane).finally(() => {
        busy -= 1;
        startLanes();
      });
    }
  }

  /** Takes the next chunk and brings it to an end: on the wire, or back into the ledger. */
  async function runLane(): Promise<void> {
    const paused = await channelSwitch.paused();
    if (queue.size() === 0) return; // another lane was faster
    const leave = paused ? 'wait' : guard.ask();
    const size = { go: chunkSize, probe: 1, wait: PUT_OFF }[leave];
    const chunk = queue.next(size, sameCampaign);
    try {
      const { settled } = await (leave === 'wait'
        ? putOff(chunk, paused ? 'channel_paused' : 'channel_unavailable')
        : tryNow(chunk, leave));
      void record(chunk, settled); // the lane does not wait for the ledger: the connections are free again
    } catch (error) {
      for (const { done } of chunk) done(error);
    }
  }

  async function record(chunk: readonly Queued[], settled: Promise<unknown>): Promise<void> {
    recording += 1;
    await settleAll(chunk, settled);
    recording -= 1;
    startLanes();
  }

  /** Connection and token first, so that no claim waits for them (design, section 6, step 1). */
  async function tryNow(chunk: readonly Queued[], leave: Leave): Promise<Sent> {
    let contact: Contact = 'none';
    try {
      const slots = await reserve(channel, chunk.length);
      if (slots instanceof ChannelUnavailableError) {
        contact = 'missed';
        ports.logger.warn({ channel: channel.name, reason: slots.message }, 'A channel could not be reached');
        return await putOff(chunk, 'channel_unavailable');
      }
      const refusal = await awaitTokens(chunk, slots);
      if (refusal) return await putOff(chunk, refusal);
      return await deliverChunk(
        {
          context: ports,
          channel,
          settle,
          random: Math.random,
          stopwatch: startStopwatch,
          answered: (outcome) => {
            contact = contactAfter(contact, outcome);
          },
        },
        chunk.map(({ delivery, to, span }, i) => ({ delivery, to, span, slot: slots[i] as Slot })),
      );
    } finally {
      guard.tell(leave, contact);
    }
  }

  /** Waits for the tokens of a chunk; answers why there are none. Gives the connections back where there are none. */
  async function awaitTokens(chunk: readonly Queued[], slots: readonly Slot[]): Promise<PostponeReason | null> {
    const longestMs = Math.max(...chunk.map(({ until }) => until)) - performance.now();
    const answer = await tokens.take(chunk.length, Math.max(0, longestMs));
    if (answer.kind !== 'granted') for (const slot of slots) slot.release();
    if (answer.kind === 'away') return 'rate_limit_unknown';
    if (answer.waitMs > 0)
      await Promise.all([putOffOverdue(answer.waitMs), answer.kind === 'granted' && delay(answer.waitMs)]);
    return answer.kind === 'granted' ? null : 'rate_limited';
  }

  async function settle(row: MessageDocument, outcome: RowOutcome): Promise<void> {
    await recorder.record(outcome);
    logOutcome(ports.logger, channel.name, outcome);
    if (outcome.status === 'sent' && sampled(row.conversation_id, ports.config.metricsSampleRate)) {
      const windowMs = Math.max(0, ports.clock.now() - outcome.attempt.at);
      ports.metrics.ambiguousWindowSeconds.observe({ channel: channel.name }, windowMs / 1000);
    }
    ports.metrics.messages.inc({ channel: channel.name, outcome: outcome.status });
    await channelSwitch.note(outcome.status);
    if (wakes(outcome)) await wakeConversation(ports, row, outcome);
    if (outcome.status !== 'retry') return;
    const attempt = outcome.uncounted ? row.attempt - 1 : row.attempt;
    await scheduleRetry(ports, { key: row._id, attempt, dueAt: outcome.dueAt ?? 0 });
  }

  async function putOff(messages: readonly Queued[], reason: PostponeReason): Promise<Sent> {
    for (const { span } of messages) span?.addEvent('postponed', { reason });
    await postpone(ports, channel, tokens, messages, reason);
    return NOTHING_SENT;
  }

  /** Whoever comes later than a chunk that waits so long for its tokens, and cannot, waits in the ledger. Never rejects. */
  async function putOffOverdue(waitMs: number): Promise<void> {
    const nextAt = performance.now() + waitMs;
    const overdue = queue.remove(({ until }) => until < nextAt);
    await settleAll(overdue, putOff(overdue, 'rate_limited'));
  }

  /** What is not sent, for good or for an operator to decide, gets a settled row, and the conversation learns of it. */
  async function settleUnsent(
    delivery: Delivery,
    to: string,
    status: 'failed' | 'suppressed' | 'unknown',
    reason: string,
  ): Promise<void> {
    const unsent = unsentRow(channel, delivery, to, { status, reason, now: ports.clock.now() });
    // If it left in a gap, it left when it was due: what counts from its leaving must not come later than it did.
    const leftAt = wallTime(delivery.campaign, delivery.effect.decided_at);
    const row = status === 'unknown' ? { ...unsent, settled_at: leftAt } : unsent;
    const span = isTracing() ? openMessageSpan(channel, delivery) : undefined;
    await (span ? settleInSpan(span, { status }, enter).finally(() => span.end()) : enter());

    async function enter(): Promise<void> {
      await insertSettledRows(ports.store, [row]);
      ports.metrics.messages.inc({ channel: channel.name, outcome: status });
      ports.logger.debug({ key: row._id, channel: channel.name, status, reason }, 'A message is not sent');
      await wakeConversation(ports, row, { status });
    }
  }

  function enqueue(delivery: Delivery, to: string): Promise<void> {
    const { campaign } = delivery;
    const span = isTracing() ? openMessageSpan(channel, delivery) : undefined;
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => {
        if (error !== undefined) markError(span, error);
        span?.end();
        return error === undefined ? resolve() : reject(error);
      };
      const queued = { delivery, to, until: performance.now() + tokenWaitMs(delivery), span, done };
      queue.push(queued, { id: campaign._id, weight: weightOf(campaign) });
    });
  }

  return {
    submit: async (deliveries) => {
      const doubtful = await inDoubt(ports.store, deliveries);
      const waits = deliveries.map((delivery) => {
        const where = destination(channel, delivery);
        if (where.kind === 'nowhere') return settleUnsent(delivery, '', where.status, where.reason);
        if (doubtful.has(delivery)) return settleUnsent(delivery, where.to, 'unknown', 'restored');
        return enqueue(delivery, where.to);
      });
      startLanes();
      await Promise.all(waits);
    },
  };
}

/** Tells everybody how the work on their messages ended. Never rejects. */
async function settleAll(messages: readonly Queued[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
    for (const { done } of messages) done();
  } catch (error) {
    for (const { done } of messages) done(error);
  }
}

/** One look through the gate serves messages of one campaign at one revision. */
function sameCampaign({ delivery: first }: Queued, { delivery: other }: Queued): boolean {
  return other.campaign.revision === first.campaign.revision;
}

async function reserve(channel: Channel, count: number): Promise<Slot[] | ChannelUnavailableError> {
  const signal = AbortSignal.timeout(channel.timeoutMs);
  const results = await Promise.allSettled(Array.from({ length: count }, () => channel.reserve(signal)));
  const slots = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (!failure) return slots;
  for (const slot of slots) slot.release();
  if (failure.reason instanceof ChannelUnavailableError) return failure.reason;
  return new ChannelUnavailableError(channel.name, 'no connection was free in time', { cause: failure.reason });
}
