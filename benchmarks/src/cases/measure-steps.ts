import { startCampaignNow } from '../prepare/campaign.js';
import { prepareConversations } from '../prepare/conversations.js';
import { recipientId } from '../prepare/recipients.js';
import type { Bench, Run } from '../run.js';
import type { System } from '../system.js';
import { untilAtLeast } from '../until.js';
import { cpuBetween, usage } from '../usage.js';

const STALLED_MS = 60_000;

/**
 * Starts the campaign `bench`, whose conversations are due, and measures until the message of each is sent. Time counts
 * from the first claim to the last record, as the ledger has them: when the scheduler's next poll comes is no cost.
 */
export async function measureSteps(
  bench: Bench,
  system: System,
  size: number,
  channel: 'log' | 'email' = 'log',
): Promise<Run> {
  const sentBefore = await sentBy(system);
  const before = await usage(bench, system.pids);
  await startCampaignNow(bench.store, 'bench', { channel });
  await untilSent(system, sentBefore + size);
  const after = await usage(bench, system.pids);
  return {
    units: size,
    seconds: await secondsOfLedger(bench),
    cpu: cpuBetween(before.cpu, after.cpu),
    bytes: after.bytes,
  };
}

async function secondsOfLedger({ store }: Bench): Promise<number> {
  const [row] = await store.messages.collection
    .aggregate<{ readonly first: number; readonly last: number }>([
      { $match: { campaign_id: 'bench' } },
      { $group: { _id: null, first: { $min: '$claimed_at' }, last: { $max: '$settled_at' } } },
    ])
    .toArray();
  return row === undefined ? Number.NaN : (row.last - row.first) / 1000;
}

/**
 * Lets a system that has just started take steps of another campaign first: what is measured afterwards is not how
 * Node.js compiles. Needs recipients; numbers below `count` take part.
 */
export async function warmUpSteps({ store }: Bench, system: System, count: number): Promise<void> {
  const now = await store.serverTime();
  const sentBefore = await sentBy(system);
  await prepareConversations(store, 'warm', { from: 0, count }, () => now);
  await startCampaignNow(store, 'warm');
  await untilSent(system, sentBefore + count);
}

/** Takes back what {@link measureSteps} and {@link warmUpSteps} did, but for the recipients. */
export async function forgetSteps({ store }: Bench, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => recipientId(n));
  const conversations = ['bench', 'warm'].flatMap((campaign) => ids.map((id) => `${campaign}/${id}`));
  await store.campaigns.collection.deleteMany({});
  await store.messages.collection.deleteMany({});
  await store.conversations.collection.deleteMany({ _id: { $in: conversations as never[] } });
}

export async function untilSent(system: System, count: number): Promise<void> {
  await untilAtLeast(count, () => sentBy(system), STALLED_MS);
}

export function sentBy(system: System): Promise<number> {
  return system.total('communication_messages_total', 'outcome="sent"');
}
