import { startTcpProxy, testMongoUri, testRedisUrl } from '@campaign-manager/testkit';
import { runningCampaign } from './support/conversations.js';
import { campaign } from './support/documents.js';
import { createTestApi } from './support/test-api.js';

describe('without Redis', () => {
  it('everything is accepted: the next poll finds what is to be done', async () => {
    const redis = await startTcpProxy(testRedisUrl());
    const api = await createTestApi('api_no_redis', { redisUrl: redis.uri });
    await runningCampaign(api, 'camp');
    await redis.close();

    const created = await api.post('/v1/campaigns', campaign);
    const reply = await api.post('/v1/responses', { conversation_id: 'camp/user_1', text: 'Hi' });
    const command = await api.post('/v1/conversations/camp%2Fuser_1/commands', { name: 'take' });
    const progress = await api.get('/v1/campaigns/camp/progress');
    const cancelled = await api.post('/v1/campaigns/camp/cancel');

    expect([created.status, reply.status, command.status, progress.status, cancelled.status]).toEqual([
      201, 202, 202, 200, 200,
    ]);
    expect(created.body).toMatchObject({ campaign: { status: 'running' } });
    expect(reply.body).toMatchObject({ status: 'queued' });
    expect(api.log.filter((line) => line.includes('Redis did not take a job'))).toHaveLength(4);
    await api.stop();
  });
});

describe('without MongoDB', () => {
  it('answers 503 with the time to come back', async () => {
    const mongo = await startTcpProxy(testMongoUri());
    const api = await createTestApi('api_no_mongo', { mongodbUri: mongo.uri });
    await api.get('/v1/campaigns'); // the key is remembered now
    await mongo.close();

    const { status, headers, body } = await api.get('/v1/campaigns');

    expect([status, headers['retry-after'], headers['content-type']]).toEqual([
      503,
      '5',
      'application/problem+json; charset=utf-8',
    ]);
    expect(body).toMatchObject({ code: 'unavailable', detail: 'MongoDB does not answer at the moment; try again.' });
    api.clock.advance(10_000);
    expect((await api.get('/v1/campaigns')).status).toBe(503); // the key must be looked up
    await api.stop();
  }, 60_000);
});
