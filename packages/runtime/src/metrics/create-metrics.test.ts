import { AggregatorRegistry } from 'prom-client';
import { createMetrics } from './create-metrics.js';
import { sampled } from './sampled.js';

const metrics = () => createMetrics({ enableMetrics: false });

describe('createMetrics', () => {
  it("has the four metrics of the user's guide, with their names, texts and labels", async () => {
    const m = metrics();
    m.conversationsInitialized.inc({ campaign_type: 'sales' }, 1250);
    m.stagesAdvanced.inc({ campaign_type: 'sales', from_stage: 'awareness', to_stage: 'consideration' });
    m.conversationsCompleted.inc({ campaign_type: 'sales', result: 'success' }, 315);
    m.stageDurationSeconds.observe({ campaign_type: 'sales', stage: 'awareness' }, 90_000);
    const text = await m.registry.metrics();
    for (const line of [
      '# HELP communication_conversations_initialized Number of conversations initialized',
      '# TYPE communication_conversations_initialized counter',
      'communication_conversations_initialized{campaign_type="sales"} 1250',
      '# HELP communication_stages_advanced Number of conversation stages advanced',
      '# TYPE communication_stages_advanced counter',
      'communication_stages_advanced{campaign_type="sales",from_stage="awareness",to_stage="consideration"} 1',
      '# HELP communication_conversations_completed Number of conversations completed',
      '# TYPE communication_conversations_completed counter',
      'communication_conversations_completed{campaign_type="sales",result="success"} 315',
      '# HELP communication_stage_duration_seconds Time spent in each stage',
      '# TYPE communication_stage_duration_seconds histogram',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it.each([
    ['3600', 0],
    ['14400', 0],
    ['43200', 0],
    ['86400', 0],
    ['172800', 1],
    ['259200', 1],
    ['604800', 1],
    ['1209600', 1],
    ['2592000', 1],
    ['+Inf', 1],
  ])('counts a stage of 25 hours in the bucket of %s s as %i', async (le, count) => {
    const m = metrics();
    m.stageDurationSeconds.observe({ campaign_type: 'sales', stage: 'awareness' }, 90_000);
    expect(await m.registry.metrics()).toContain(
      `communication_stage_duration_seconds_bucket{le="${le}",campaign_type="sales",stage="awareness"} ${count}\n`,
    );
  });

  it('has ours under the same prefix', async () => {
    const m = metrics();
    m.messages.inc({ channel: 'email', outcome: 'accepted' });
    m.decisions.inc({ outcome: 'committed' }, 3);
    m.dueLagSeconds.observe({}, 0.2);
    m.deliverySeconds.observe({ channel: 'email' }, 0.02);
    m.channelState.set({ channel: 'email', state: 'open' }, 1);
    m.channelPauses.inc({ channel: 'email' });
    m.postponed.inc({ channel: 'email', reason: 'rate_limited' }, 8);
    m.repairs.inc({ kind: 'open_batch' });
    m.jobsEnqueued.inc({ queue: 'conversations', name: 'advance' });
    const text = await m.registry.metrics();
    for (const line of [
      'communication_messages_total{channel="email",outcome="accepted"} 1',
      'communication_decisions_total{outcome="committed"} 3',
      'communication_due_lag_seconds_bucket{le="0.25"} 1',
      'communication_delivery_seconds_count{channel="email"} 1',
      'communication_channel_state{channel="email",state="open"} 1',
      'communication_channel_pauses_total{channel="email"} 1',
      'communication_messages_postponed_total{channel="email",reason="rate_limited"} 8',
      'communication_repairs_total{kind="open_batch"} 1',
      'communication_jobs_enqueued_total{queue="conversations",name="advance"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('keeps the first 200 values of a label and counts the later ones as other', async () => {
    const m = metrics();
    for (let i = 0; i < 250; i++) m.conversationsInitialized.inc({ campaign_type: `type_${i}` });
    m.conversationsInitialized.inc({ campaign_type: 'type_0' });
    const text = await m.registry.metrics();
    expect(text.match(/^communication_conversations_initialized\{/gm)).toHaveLength(201);
    expect(text).toContain('communication_conversations_initialized{campaign_type="other"} 50\n');
    expect(text).toContain('communication_conversations_initialized{campaign_type="type_0"} 2\n');
  });

  it('computes at every scrape what is to be computed, by the last one who said how', async () => {
    const m = metrics();
    const labels = { channel: 'email', state: 'open' } as const;
    let value = 1;
    m.channelState.computeAtScrape(labels, () => 7);
    m.channelState.computeAtScrape(labels, () => value);
    m.channelState.computeAtScrape({ ...labels, state: 'closed' }, () => 2);
    expect(await m.registry.metrics()).toContain('communication_channel_state{channel="email",state="open"} 1\n');
    value = 0;
    const text = await m.registry.metrics();
    expect(text).toContain('communication_channel_state{channel="email",state="open"} 0\n');
    expect(text).toContain('communication_channel_state{channel="email",state="closed"} 2\n');
  });

  it('takes the lag of several processes from the one that lags most', async () => {
    const snapshot = await createMetrics({ enableMetrics: true }).registry.getMetricsAsJSON();
    const lag = snapshot.find(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds');
    if (!lag) throw new Error('Node has no lag.');
    const of = (value: number) => [{ ...lag, values: [{ value, labels: {} }] }];
    const both = AggregatorRegistry.aggregate([of(0.4), of(0.01), of(0.01)]);
    expect(await both.metrics()).toContain('nodejs_eventloop_lag_p99_seconds 0.4\n');
  });

  it("has Node's own metrics where metrics are on", async () => {
    expect(await createMetrics({ enableMetrics: true }).registry.metrics()).toContain('nodejs_eventloop_lag_seconds');
    expect(await metrics().registry.metrics()).not.toContain('nodejs_');
  });
});

describe('sampled', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `campaign_1/user_${i}`);

  it.each([0, 0.01, 0.1, 0.5, 0.9, 1])('takes about a share of %d', (rate) => {
    const share = ids.filter((id) => sampled(id, rate)).length / ids.length;
    expect(Math.abs(share - rate)).toBeLessThanOrEqual(rate === 0 || rate === 1 ? 0 : 0.015);
  });

  it('takes at a higher rate whatever it takes at a lower one', () => {
    expect(ids.filter((id) => sampled(id, 0.1) && !sampled(id, 0.2))).toEqual([]);
  });
});
