import type { MessageDocument } from '@campaign-manager/core/models';
import { migrate } from '@campaign-manager/core/store';
import { startCampaignNow } from '../prepare/campaign.js';
import { prepareConversations } from '../prepare/conversations.js';
import { prepareRecipients, recipientId } from '../prepare/recipients.js';
import { latencyOf } from '../quantiles.js';
import type { Bench, SeriesCase } from '../run.js';
import { type System, startSystem } from '../system.js';
import { cpuBetween, usage } from '../usage.js';
import { measureSteps, sentBy, untilSent, warmUpSteps } from './measure-steps.js';

const WARM_UP = 2000;
/** For the preparation of those that are due later, so that none is overdue before its campaign starts. */
const PREPARED_PER_SECOND = 5000;

/** How late messages leave under half of the load that the system can bear. The size is seconds. */
export const latency: SeriesCase = {
  kind: 'series',
  name: 'latency',
  unit: 'conversations',
  what: 'as step, due one after another at a share of the step rate; p50/p99 from due time to acceptance',
  pointUnit: '% of the step rate',
  points: { full: [50], quick: [50] },
  size: { full: 20, quick: 6 },
  repeat: { full: 2, quick: 1 },
  async run(bench, percent, seconds) {
    const rate = Math.max(1, Math.round((bench.stepRate ?? (await calibrate(bench))) * (percent / 100)));
    const count = rate * seconds;
    await prepareRecipients(bench.store, { from: 0, count: Math.max(count, WARM_UP) });
    const system = await startSystem(bench, ['worker', 'scheduler']);
    try {
      await warmUpSteps(bench, system, WARM_UP);
      return await spread(bench, system, { count, rate });
    } finally {
      await system.stop();
    }
  },
};

/** Thrown where conversations were overdue before they could be started. */
class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

async function spread(bench: Bench, system: System, { count, rate }: { count: number; rate: number }) {
  const { store } = bench;
  const first = Math.ceil((await store.serverTime()) + 2000 + (count / PREPARED_PER_SECOND) * 1000);
  const dueAt = (n: number) => first + (n / rate) * 1000;
  await prepareConversations(store, 'bench', { from: 0, count }, (n) => Math.floor(dueAt(n)));
  const sentBefore = await sentBy(system);
  const before = await usage(bench, system.pids);
  const { started_at } = await startCampaignNow(store, 'bench');
  if (Number(started_at) > first) throw new TooSlowError('The conversations were due before they were all stored.');
  await untilSent(system, sentBefore + count);
  const after = await usage(bench, system.pids);
  const rows = await store.messages.collection
    .find({ campaign_id: 'bench' })
    .project<Pick<MessageDocument, 'recipient_id' | 'settled_at'>>({ recipient_id: 1, settled_at: 1 })
    .toArray();
  const due = new Map(Array.from({ length: count }, (_, n) => [recipientId(n), Math.floor(dueAt(n))]));
  const late = rows.map(({ recipient_id, settled_at = Number.NaN }) => settled_at - (due.get(recipient_id) ?? 0));
  const last = Math.max(...rows.map(({ settled_at = 0 }) => settled_at));
  return {
    units: count,
    seconds: (last - first) / 1000,
    cpu: cpuBetween(before.cpu, after.cpu),
    bytes: after.bytes,
    latency: latencyOf(late),
    more: { offered_rate: rate },
  };
}

/** Steps a second, where no case has measured them yet. They are taken back: the database is the case's own. */
async function calibrate(bench: Bench): Promise<number> {
  const { store } = bench;
  const size = 5000;
  const now = await store.serverTime();
  await prepareRecipients(store, { from: 0, count: size });
  await prepareConversations(store, 'bench', { from: 0, count: size }, () => now);
  const system = await startSystem(bench, ['worker', 'scheduler']);
  try {
    const { units, seconds } = await measureSteps(bench, system, size);
    return units / seconds;
  } finally {
    await system.stop();
    await store.connection.dropDatabase();
    await migrate(store);
  }
}
