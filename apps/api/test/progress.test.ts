import { endCancelledCampaign, loadCampaign, saveInitializeCursor } from '@campaign-manager/core/store';
import { addRow, change, runningCampaign } from './support/conversations.js';
import { createTestApi, NOW, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_progress', { env: { CAMPAIGN_METRICS_TTL_SECONDS: '600' } });
  await runningCampaign(api, 'camp');
});
afterAll(() => api.stop());

const sent = (body: { readonly [member: string]: unknown }) =>
  (body['messages'] as { by_status: { sent?: number } }).by_status.sent ?? 0;

describe('GET /v1/campaigns/:id/progress', () => {
  it('counts, caches for the time that the configuration says, and counts anew on demand', async () => {
    const first = await api.get('/v1/campaigns/camp/progress');
    await addRow(api.store, 'camp/user_1', 0, 'sent');
    api.clock.advance(1000);
    const cached = await api.get('/v1/campaigns/camp/progress');
    const fresh = await api.get('/v1/campaigns/camp/progress?fresh=true');
    const after = await api.get('/v1/campaigns/camp/progress');

    expect(first.body).toMatchObject({
      campaign_id: 'camp',
      status: 'running',
      result: null,
      conversations: 3,
      by_status: { active: 3 },
      by_stage: { welcome: 3 },
      computed_at: new Date(NOW).toISOString(),
    });
    expect(cached.body).toEqual(first.body);
    expect([sent(first.body), sent(fresh.body), sent(after.body)]).toEqual([0, 1, 1]);
    expect(after.body).toEqual(fresh.body);
    const [key = ''] = await api.producers.redis.keys(`${api.config.redisPrefix}:progress:*`);
    expect(await api.producers.redis.pttl(key)).toBeGreaterThan(590_000);
  });

  it('tells the present status beside cached figures', async () => {
    await api.get('/v1/campaigns/camp/progress');
    await api.post('/v1/campaigns/camp/pause');

    expect((await api.get('/v1/campaigns/camp/progress')).body['status']).toBe('paused');
  });

  it('never tells a status beside figures from before it, whoever changed it', async () => {
    await runningCampaign(api, 'ending');
    const figures = async () => (await api.get('/v1/campaigns/ending/progress')).body;
    const running = await figures();
    await api.post('/v1/campaigns/ending/cancel');
    await change(api.store, 'ending/user_1', { status: 'completed', result: 'cancelled' });
    const closing = await figures();
    // What a worker does when it has closed the last conversation.
    for (const id of ['user_2', 'user_3']) {
      await change(api.store, `ending/${id}`, { status: 'completed', result: 'cancelled' });
    }
    await endCancelledCampaign(api.store, await loadCampaign(api.store, 'ending'), api.clock.now());

    expect(running).toMatchObject({ status: 'running', by_status: { active: 3 } });
    expect(closing).toMatchObject({ status: 'cancelled', by_status: { active: 2, completed: 1 } });
    expect(await figures()).toMatchObject({ status: 'cancelled', by_status: { completed: 3 }, by_stage: {} });
  });

  it('counts anew when the last conversation of the audience is there', async () => {
    await runningCampaign(api, 'filling');
    await api.store.conversations.collection.deleteOne({ _id: 'filling/user_3' as never });
    const filling = (await api.get('/v1/campaigns/filling/progress')).body;
    await runningCampaign(api, 'filling');
    const { revision } = await loadCampaign(api.store, 'filling');
    const end = { from: '', to: 'filling/user_3', done: true, now: NOW };
    await saveInitializeCursor(api.store, 'filling', end);
    const whole = (await api.get('/v1/campaigns/filling/progress')).body;

    expect((await loadCampaign(api.store, 'filling')).revision).toBe(revision);
    expect(filling).toMatchObject({ conversation_states_initialized: false, conversations: 2 });
    expect(whole).toMatchObject({ conversation_states_initialized: true, conversations: 3 });
  });

  it('caches nothing where the time is 0', async () => {
    const uncached = await createTestApi('api_progress_0', { env: { CAMPAIGN_METRICS_TTL_SECONDS: '0' } });
    await runningCampaign(uncached, 'camp');
    await uncached.get('/v1/campaigns/camp/progress');
    await addRow(uncached.store, 'camp/user_1', 0, 'sent');

    expect(sent((await uncached.get('/v1/campaigns/camp/progress')).body)).toBe(1);
    await uncached.stop();
  });
});
