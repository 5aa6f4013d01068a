import { randomUUID } from 'node:crypto';
import type { Channel, Outcome, Slot } from '@campaign-manager/channels';
import type { CampaignDocument, MessageDocument } from '@campaign-manager/core/models';
import { claimMessages, gate, type RowOutcome, suppressionId, type Verdict } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { type OpenSpan, sampled } from '@campaign-manager/runtime';
import type { Delivery } from './delivery.js';
import type { Stopwatch } from './elapsed.js';
import { createLastLook, GATE_TO_WIRE_MS } from './last-look.js';
import { sendInSpan, settleInSpan } from './message-span.js';
import { afterGate, afterSend, leaseMs } from './outcome.js';
import { toClaim } from './rows.js';

export interface Addressed {
  readonly delivery: Delivery;
  readonly to: string;
  readonly slot: Slot;
  /** Of the message, where it is traced. */
  readonly span?: OpenSpan | undefined;
}

export interface ChunkPorts {
  readonly context: Pick<Ports, 'store' | 'clock' | 'config' | 'metrics'>;
  readonly channel: Channel;
  /** Records one outcome; resolves when it stands in the ledger. */
  readonly settle: (row: MessageDocument, outcome: RowOutcome) => Promise<void>;
  readonly random: () => number;
  /** Starts to measure how old a claim or a look through the gate is. */
  readonly stopwatch: () => Stopwatch;
  /** Is told of everything that the channel answers. */
  readonly answered: (outcome: Outcome) => void;
}

/** A chunk whose messages have left, or never will: no connection of it is in use any more. */
export interface Sent {
  /** Resolves when every outcome stands in the ledger; rejects where one could not be written. */
  readonly settled: Promise<unknown>;
}

export const NOTHING_SENT: Sent = { settled: Promise.resolve() };

/**
 * Brings a chunk of one campaign's messages to the wire: claim, gate, send, record (design, section 6). The connections
 * are reserved already, so that no claim waits for one. Every slot is used or given back.
 */
export async function deliverChunk(ports: ChunkPorts, chunk: readonly Addressed[]): Promise<Sent> {
  const { channel } = ports;
  const sinceClaim = ports.stopwatch();
  const singles = withoutTwins(chunk);
  const claimed = await claim(ports, singles).catch((error) => giveBack(singles, error));
  const first = claimed[0];
  if (!first) return NOTHING_SENT;
  for (const { span } of claimed) span?.addEvent('claimed');
  const sinceGate = ports.stopwatch();
  const verdicts = await lookThroughGate(ports, first.delivery.campaign, claimed).catch(() => null);
  const settling: Promise<void>[] = [];
  const lease = leaseOf(channel, sinceClaim);
  await Promise.all(
    claimed.map(async (one) => {
      const verdict = verdictOf(one, verdicts);
      one.span?.addEvent('gate', { 'gate.verdict': verdict });
      const outcome = await sendOne(ports, one, verdict, sinceGate, lease);
      const settled = one.span
        ? settleInSpan(one.span, outcome, () => ports.settle(one.row, outcome))
        : ports.settle(one.row, outcome);
      settled.catch(() => undefined); // whoever waits for all of them is told
      settling.push(settled);
    }),
  );
  return { settled: Promise.all(settling) };
}

type Claimed = Addressed & { readonly row: MessageDocument };

/** The lease that all rows of a chunk were claimed with. */
interface Lease {
  /** What is left of it; negative when it is over. */
  readonly leftMs: () => number;
  /** Aborts when it is over: whatever is still on its way is cut off. */
  readonly over: AbortSignal;
}

function leaseOf(channel: Channel, sinceClaim: Stopwatch): Lease {
  const leftMs = () => Math.floor(leaseMs(channel) - sinceClaim());
  return { leftMs, over: AbortSignal.timeout(Math.max(0, leftMs())) };
}

/** Two jobs may bring the same message into one chunk; under one fence the claim could not tell them apart. */
function withoutTwins(chunk: readonly Addressed[]): Addressed[] {
  const keys = new Set<string>();
  return chunk.filter(({ delivery, slot }) => {
    const isFirst = !keys.has(delivery.effect.key);
    keys.add(delivery.effect.key);
    if (!isFirst) slot.release();
    return isFirst;
  });
}

async function claim({ context, channel }: ChunkPorts, chunk: readonly Addressed[]): Promise<Claimed[]> {
  const fence = randomUUID();
  const now = context.clock.now();
  const claims = chunk.map(({ delivery, to }) =>
    toClaim(channel, delivery, to, { fence, now, leaseUntil: now + leaseMs(channel) }),
  );
  const ours = await claimMessages(context.store, claims, fence);
  return chunk.flatMap((one, i) => {
    const row = claims[i]?.row;
    if (row && ours.has(row._id)) return [{ ...one, row }];
    one.slot.release(); // somebody else has it
    return [];
  });
}

function giveBack(chunk: readonly Addressed[], error: unknown): never {
  for (const { slot } of chunk) slot.release();
  throw error;
}

function lookThroughGate(
  { context, channel }: ChunkPorts,
  campaign: CampaignDocument,
  claimed: readonly Claimed[],
): Promise<Map<string, Verdict>> {
  return gate(
    context.store,
    channel.name,
    campaign,
    claimed.map(({ row, to }) => ({
      key: row._id,
      conversationId: row.conversation_id,
      suppressionId: suppressionId(channel.name, to),
      recipientId: row.recipient_id,
    })),
    () => context.clock.now(),
  );
}

/** Whoever cannot read does not pass. */
function verdictOf({ row }: Claimed, verdicts: ReadonlyMap<string, Verdict> | null): Verdict {
  return verdicts?.get(row._id) ?? 'halt';
}

/**
 * Sends what passed the gate. The channel asks again right before the body leaves, when a server may have taken its time
 * or this process may have been suspended: is the lease still ours for as long as this can take, and is the look through
 * the gate fresh? What is held back then has not reached the wire.
 */
async function sendOne(
  ports: ChunkPorts,
  claimed: Claimed,
  verdict: Verdict,
  sinceGate: Stopwatch,
  lease: Lease,
): Promise<RowOutcome> {
  const { context, channel } = ports;
  const { row, slot, to, span } = claimed;
  const holdBack = (why: Exclude<Verdict, 'pass'>) => afterGate(row, why, context.clock.now());
  if (verdict !== 'pass' || lease.leftMs() < channel.timeoutMs) {
    slot.release();
    return holdBack(verdict === 'pass' ? 'halt' : verdict);
  }
  const observed = sampled(row.conversation_id, context.config.metricsSampleRate);
  const started = performance.now();
  const lastLook = createLastLook({
    sinceGate,
    leaseLeftMs: lease.leftMs,
    timeoutMs: channel.timeoutMs,
    stopwatch: ports.stopwatch,
    gateAgain: async () =>
      verdictOf(claimed, await lookThroughGate(ports, claimed.delivery.campaign, [claimed]).catch(() => null)),
    onGone: (gateAgeMs) => {
      if (gateAgeMs > GATE_TO_WIRE_MS) context.metrics.gateToWireLate.inc({ channel: channel.name });
      if (observed) context.metrics.gateToWireSeconds.observe({ channel: channel.name }, gateAgeMs / 1000);
    },
  });
  const message = {
    key: row._id,
    conversationId: row.conversation_id,
    to,
    subject: row.subject,
    body: row.body,
    attempt: row.attempt,
  };
  const outcome = await (span
    ? sendInSpan(span, channel, row, () => slot.send(message, lease.over, lastLook.look))
    : slot.send(message, lease.over, lastLook.look));
  ports.answered(outcome);
  if (outcome.status === 'held_back') return holdBack(lastLook.stopped());
  if (observed) {
    context.metrics.deliverySeconds.observe({ channel: channel.name }, (performance.now() - started) / 1000);
  }
  const options = { now: context.clock.now(), retryDelayMs: context.config.retryDelayMs, random: ports.random() };
  return afterSend(row, outcome, options);
}
