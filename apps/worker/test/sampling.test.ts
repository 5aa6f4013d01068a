import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { METRIC_PREFIX, METRICS, type MetricDefinition } from '@campaign-manager/runtime';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { ANN, createWorld, HOUR_MS, job } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'hello',
  name: 'Hello',
  type: 'sales',
  stages: { hello: { messages: [{ template: 'Hello.' }] } },
};
const recipients = Array.from({ length: 40 }, (_, i) => ({ ...ANN, _id: `p${i}`, email: `p${i}@example.test` }));
const definitions: readonly MetricDefinition[] = Object.values(METRICS);
const SAMPLED = definitions.filter((definition) => definition.kind === 'histogram' && definition.sampled);

/** How much each sampled histogram has observed of 40 conversations that are sent one message and end. */
async function observed(rate: string): Promise<{ readonly counts: readonly number[]; readonly page: string }> {
  const world = await createWorld('sampling', { CAMPAIGN_METRICS_SAMPLE_RATE: rate });
  try {
    const ids = await world.begin('c', template, { recipients });
    const batch = job({ campaign_id: 'c', conversation_ids: ids });
    await advanceBatch(world.context, batch); // sends
    world.skip(HOUR_MS);
    await advanceBatch(world.context, batch); // ends
    const page = await world.context.metrics.registry.metrics();
    const counts = SAMPLED.map(({ name }) => {
      const series = page.matchAll(new RegExp(`^${METRIC_PREFIX}${name}_count(?:{.*})? (\\d+)$`, 'gm'));
      return [...series].reduce((sum, [, count]) => sum + Number(count), 0);
    });
    return { counts, page };
  } finally {
    await world.stop();
  }
}

describe('CAMPAIGN_METRICS_SAMPLE_RATE', () => {
  it('of 0 leaves every histogram of conversations empty, and the counters whole', async () => {
    const { counts, page } = await observed('0');
    expect(counts).toEqual(SAMPLED.map(() => 0));
    expect(page).toContain('communication_messages_total{channel="email",outcome="sent"} 40\n');
    expect(page).toContain('communication_conversations_completed{campaign_type="sales",result="success"} 40\n');
  });

  it('of 1 has all of them, and of a half the same conversations in each', async () => {
    const all = await observed('1');
    const half = await observed('0.5');
    const byName = Object.fromEntries(SAMPLED.map(({ name }, i) => [name, [all.counts[i], half.counts[i]]]));
    const share = byName['stage_duration_seconds']?.[1];
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(40);
    for (const name of ['stage_duration_seconds', 'delivery_seconds', 'ambiguous_window_seconds']) {
      expect([name, byName[name]]).toEqual([name, [40, share]]);
    }
  });
});
