import { runFloor } from '../floors/run-floor.js';
import { startCampaignNow } from '../prepare/campaign.js';
import { prepareAudience, prepareRecipients } from '../prepare/recipients.js';
import type { PairCase } from '../run.js';
import { startSystem } from '../system.js';
import { untilAtLeast } from '../until.js';
import { cpuBetween, usage } from '../usage.js';

const STALLED_MS = 60_000;
const FAR_FUTURE_MS = 365 * 24 * 3_600_000;

/**
 * An audience that becomes conversation states. They enter their stage in a year, so that nothing else happens. Time
 * counts from the first ones that are there, and they are not: when the scheduler's next poll comes is no cost.
 */
export const init: PairCase = {
  kind: 'pair',
  name: 'init',
  unit: 'recipients',
  what: 'an audience becomes conversation states: read by pages, inserted, cursor saved',
  floorWhat: 'insertMany of equal documents with the same indexes',
  size: { full: 100_000, quick: 10_000 },
  repeat: { full: 3, quick: 1 },
  async run(bench, size) {
    const { store } = bench;
    await prepareRecipients(store, { from: 0, count: 1 });
    await prepareAudience(store, 'bench', { from: 0, count: size });
    const system = await startSystem(bench, ['worker', 'scheduler']);
    try {
      const before = await usage(bench, system.pids);
      const initialized = () => system.total('communication_conversations_initialized');
      const startedAt = (await store.serverTime()) + FAR_FUTURE_MS;
      await startCampaignNow(store, 'bench', { started_at: startedAt, conversation_states_initialized: false });
      await untilAtLeast(1, initialized, STALLED_MS);
      const started = { at: performance.now(), count: await initialized() };
      await untilAtLeast(size, initialized, STALLED_MS);
      const seconds = (performance.now() - started.at) / 1000;
      const after = await usage(bench, system.pids);
      const share = (size - started.count) / size;
      return { units: size, seconds: seconds / share, cpu: cpuBetween(before.cpu, after.cpu), bytes: after.bytes };
    } finally {
      await system.stop();
    }
  },
  floor: (bench, size) => runFloor(bench, { name: 'init', size }),
};
