import { type Channel, ChannelUnavailableError, type Slot } from '@campaign-manager/channels';
import { wakes } from '@campaign-manager/core/ledger';
import type { MessageDocument } from '@campaign-manager/core/models';
import { insertSettledRows, postponeRetries, type RowOutcome } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { backoffMs } from './backoff.js';
import { deliverChunk } from './deliver-chunk.js';
import type { Delivery } from './delivery.js';
import type { Recorder } from './recorder.js';
import { destination, unsentRow } from './rows.js';
import { scheduleRetry, wakeConversation } from './wake.js';

/** Sends everything of one process that goes through one channel, a few chunks at once, in order of arrival. */
export interface Dispatcher {
  /** Resolves when each of the deliveries has its ledger row and its attempt is over. */
  submit(deliveries: readonly Delivery[]): Promise<void>;
}

interface Queued {
  readonly delivery: Delivery;
  readonly to: string;
  readonly done: (error?: unknown) => void;
}

/** Chunks that are on their way at once: while one waits for MongoDB, the other one is on the wire. */
const LANES = 2;

export function createDispatcher(ports: Ports, channel: Channel, recorder: Recorder, concurrency: number): Dispatcher {
  const queue: Queued[] = [];
  const lanes = Math.min(LANES, concurrency);
  const chunkSize = Math.max(1, Math.floor(concurrency / lanes));
  let busy = 0;

  function startLanes(): void {
    while (busy < lanes && queue.length > 0) {
      busy += 1;
      void runLane().finally(() => {
        busy -= 1;
        startLanes();
      });
    }
  }

  async function runLane(): Promise<void> {
    const chunk = nextChunk(queue, chunkSize);
    try {
      await deliver(chunk);
      for (const { done } of chunk) done();
    } catch (error) {
      for (const { done } of chunk) done(error);
    }
  }

  async function deliver(chunk: readonly Queued[]): Promise<void> {
    const slots = await reserve(channel, chunk.length);
    if (slots instanceof ChannelUnavailableError) return postpone(chunk, slots);
    await deliverChunk(
      { context: ports, channel, settle, random: Math.random },
      chunk.map(({ delivery, to }, i) => ({ delivery, to, slot: slots[i] as Slot })),
    );
  }

  async function settle(row: MessageDocument, outcome: RowOutcome): Promise<void> {
    await recorder.record(outcome);
    ports.metrics.messages.inc({ channel: channel.name, outcome: outcome.status });
    if (wakes(outcome)) await wakeConversation(ports, row, outcome);
    if (outcome.status !== 'retry') return;
    const attempt = outcome.uncounted ? row.attempt - 1 : row.attempt;
    await scheduleRetry(ports, { key: row._id, attempt, dueAt: outcome.dueAt ?? 0 });
  }

  /** Nothing can be sent now: the rows wait for the channel, as after a deferred attempt. */
  async function postpone(chunk: readonly Queued[], reason: ChannelUnavailableError): Promise<void> {
    ports.logger.warn(
      { channel: channel.name, reason: reason.message, messages: chunk.length },
      'Messages wait for their channel',
    );
    const now = ports.clock.now();
    const dueAt = now + backoffMs(1, ports.config.retryDelayMs, Math.random());
    const rows = chunk.map(({ delivery, to }) =>
      unsentRow(channel, delivery, to, { status: 'retry', reason: 'channel_unavailable', now, dueAt }),
    );
    await insertSettledRows(ports.store, rows);
    await postponeRetries(
      ports.store,
      rows.map(({ _id }) => _id),
      dueAt,
    );
    for (const { delivery } of chunk) {
      await scheduleRetry(ports, { key: delivery.effect.key, attempt: delivery.existing?.attempt ?? 0, dueAt });
    }
  }

  /** Whoever cannot be reached at all gets a settled row, and the conversation learns of it. */
  async function giveUp(delivery: Delivery, status: 'failed' | 'suppressed', reason: string): Promise<void> {
    const row = unsentRow(channel, delivery, '', { status, reason, now: ports.clock.now() });
    await insertSettledRows(ports.store, [row]);
    ports.metrics.messages.inc({ channel: channel.name, outcome: status });
    await wakeConversation(ports, row, { status });
  }

  return {
    submit: async (deliveries) => {
      const waits = deliveries.map((delivery) => {
        const where = destination(channel, delivery);
        if (where.kind === 'nowhere') return giveUp(delivery, where.status, where.reason);
        return new Promise<void>((resolve, reject) => {
          const done = (error?: unknown) => (error === undefined ? resolve() : reject(error));
          queue.push({ delivery, to: where.to, done });
        });
      });
      startLanes();
      await Promise.all(waits);
    },
  };
}

/** The next messages of one campaign, from the head of the queue: one look through the gate serves them all. */
function nextChunk(queue: Queued[], size: number): Queued[] {
  const first = queue[0]?.delivery.campaign;
  const stranger = queue.findIndex(
    ({ delivery }) => delivery.campaign._id !== first?._id || delivery.campaign.revision !== first.revision,
  );
  return queue.splice(0, Math.min(size, stranger === -1 ? queue.length : stranger));
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
