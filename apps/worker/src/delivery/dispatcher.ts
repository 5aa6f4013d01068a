import { type Channel, ChannelUnavailableError, type Slot } from '@campaign-manager/channels';
import { wakes } from '@campaign-manager/core/ledger';
import type { MessageDocument } from '@campaign-manager/core/models';
import { insertSettledRows, type RowOutcome } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { weightOf } from '@campaign-manager/queues';
import type { Contact, Leave } from './breaker.js';
import { contactAfter, createChannelGuard } from './channel-guard.js';
import { createChannelSwitch } from './channel-switch.js';
import { deliverChunk } from './deliver-chunk.js';
import type { Delivery } from './delivery.js';
import { startStopwatch } from './elapsed.js';
import { createFairQueue } from './fair-queue.js';
import { type PostponeReason, postpone } from './postpone.js';
import type { Recorder } from './recorder.js';
import { destination, unsentRow } from './rows.js';
import { createTokens, TOKEN_WAIT_MS } from './tokens.js';
import { scheduleRetry, wakeConversation } from './wake.js';

/** Sends everything of one process that goes through one channel, a few chunks at once; campaigns take turns. */
export interface Dispatcher {
  /** Resolves when each of the deliveries has its ledger row and its attempt is over. */
  submit(deliveries: readonly Delivery[]): Promise<void>;
}

interface Queued {
  readonly delivery: Delivery;
  readonly to: string;
  /** By the monotonic clock. */
  readonly since: number;
  readonly done: (error?: unknown) => void;
}

/** Chunks that are on their way at once: while one waits for MongoDB, the other one is on the wire. */
const LANES = 2;
/** Messages that are put off together while nothing can be tried. */
const PUT_OFF = 200;

export function createDispatcher(ports: Ports, channel: Channel, recorder: Recorder, concurrency: number): Dispatcher {
  const queue = createFairQueue<Queued>();
  const tokens = createTokens(ports, channel.name);
  const guard = createChannelGuard(ports, channel.name);
  const channelSwitch = createChannelSwitch(ports, channel.name);
  const lanes = Math.min(LANES, concurrency);
  const chunkSize = Math.min(tokens.largest, Math.max(1, Math.floor(concurrency / lanes)));
  let busy = 0;

  function startLanes(): void {
    while (busy < lanes && queue.size() > 0) {
      busy += 1;
      void runLane().finally(() => {
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
    const work =
      leave === 'wait' ? putOff(chunk, paused ? 'channel_paused' : 'channel_unavailable') : tryNow(chunk, leave);
    await work.then(
      () => {
        for (const { done } of chunk) done();
      },
      (error) => {
        for (const { done } of chunk) done(error);
      },
    );
  }

  /** Connection and token first, so that no claim waits for them (design, section 6, step 1). */
  async function tryNow(chunk: readonly Queued[], leave: Leave): Promise<void> {
    let contact: Contact = 'none';
    try {
      const slots = await reserve(channel, chunk.length);
      if (slots instanceof ChannelUnavailableError) {
        contact = 'missed';
        ports.logger.warn({ channel: channel.name, reason: slots.message }, 'A channel could not be reached');
        return await putOff(chunk, 'channel_unavailable');
      }
      const answer = await takeTokens(chunk, slots);
      if (answer.kind === 'away') return await putOff(chunk, 'rate_limit_unknown');
      if (answer.kind === 'refused') return await putOffOverdue(chunk, answer.nextInMs);
      await deliverChunk(
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
        chunk.map(({ delivery, to }, i) => ({ delivery, to, slot: slots[i] as Slot })),
      );
    } finally {
      guard.tell(leave, contact);
    }
  }

  /** Gives the connections back where there are no tokens. */
  async function takeTokens(chunk: readonly Queued[], slots: readonly Slot[]) {
    const waitedMs = performance.now() - Math.min(...chunk.map(({ since }) => since));
    const answer = await tokens.take(chunk.length, Math.max(0, TOKEN_WAIT_MS - waitedMs));
    if (answer.kind !== 'granted') for (const slot of slots) slot.release();
    return answer;
  }

  async function settle(row: MessageDocument, outcome: RowOutcome): Promise<void> {
    await recorder.record(outcome);
    if (outcome.status === 'sent') {
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

  function putOff(messages: readonly Queued[], reason: PostponeReason): Promise<void> {
    return postpone(ports, channel, tokens, messages, reason);
  }

  /** With a chunk that gets no tokens in time go all whose time will be over when the next token is free. */
  async function putOffOverdue(chunk: readonly Queued[], nextInMs: number): Promise<void> {
    const nextAt = performance.now() + nextInMs;
    const others = queue.remove(({ since }) => since + TOKEN_WAIT_MS < nextAt);
    try {
      await putOff([...chunk, ...others], 'rate_limited');
      for (const { done } of others) done();
    } catch (error) {
      for (const { done } of others) done(error);
      throw error;
    }
  }

  /** Whoever cannot be reached at all gets a settled row, and the conversation learns of it. */
  async function giveUp(delivery: Delivery, status: 'failed' | 'suppressed', reason: string): Promise<void> {
    const row = unsentRow(channel, delivery, '', { status, reason, now: ports.clock.now() });
    await insertSettledRows(ports.store, [row]);
    ports.metrics.messages.inc({ channel: channel.name, outcome: status });
    await wakeConversation(ports, row, { status });
  }

  function enqueue(delivery: Delivery, to: string): Promise<void> {
    const { campaign } = delivery;
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => (error === undefined ? resolve() : reject(error));
      const queued = { delivery, to, since: performance.now(), done };
      queue.push(queued, { id: campaign._id, weight: weightOf(campaign) });
    });
  }

  return {
    submit: async (deliveries) => {
      const waits = deliveries.map((delivery) => {
        const where = destination(channel, delivery);
        return where.kind === 'nowhere' ? giveUp(delivery, where.status, where.reason) : enqueue(delivery, where.to);
      });
      startLanes();
      await Promise.all(waits);
    },
  };
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
