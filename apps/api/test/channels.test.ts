import { pauseIfActive } from '@campaign-manager/core/store';
import { createTestApi, KEY, NOW, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_channels');
});
afterEach(() => Promise.all([api.store.channels.deleteMany({}), api.store.auditLog.deleteMany({})]));
afterAll(() => api.stop());

const SINCE = new Date(NOW).toISOString();

it('every channel is active as long as nobody has paused one', async () => {
  expect((await api.get('/v1/channels')).body).toEqual({
    items: ['email', 'webhook', 'log'].map((name) => ({ name, status: 'active' })),
  });
});

it('a channel is paused with a reason and resumed, and both are audited', async () => {
  const paused = await api.post('/v1/channels/email/pause', { reason: 'the provider moves' });
  const email = { name: 'email', status: 'paused', reason: 'the provider moves', since: SINCE, by: 'tests' };
  expect([paused.status, paused.body]).toEqual([200, { channel: email }]);
  expect((await api.get('/v1/channels')).body['items']).toContainEqual(email);

  const resumed = await api.post('/v1/channels/email/resume', {});
  expect([resumed.status, resumed.body]).toEqual([
    200,
    { channel: { name: 'email', status: 'active', since: SINCE, by: 'tests' } },
  ]);
  const audited = await api.store.auditLog.find({ target: 'email' }).lean();
  expect(audited.map(({ action, by, detail }) => [action, by, detail])).toEqual([
    ['channel.pause', 'tests', { reason: 'the provider moves' }],
    ['channel.resume', 'tests', undefined],
  ]);
});

it('a channel that the workers paused is resumed by an operator, without a body as well', async () => {
  await pauseIfActive(api.store, 'webhook', { by: 'worker', reason: '80 % failed', now: NOW });
  const headers = { authorization: `Bearer ${KEY}` };
  const answer = await api.app.inject({ method: 'POST', url: '/v1/channels/webhook/resume', headers });
  expect([answer.statusCode, answer.json()]).toMatchObject([200, { channel: { status: 'active' } }]);
});

it('of several who pause at once one does it, and one who comes later does not replace the reason', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => api.post('/v1/channels/log/pause', { reason: `reason ${i}` })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
  expect(await pauseIfActive(api.store, 'log', { by: 'worker', now: NOW })).toBeNull();
});

it.each([
  ['pause', '/v1/channels/fax/pause', {}, 404, 'not_found'],
  ['resume', '/v1/channels/email/resume', {}, 409, 'conflict'],
  ['pause', '/v1/channels/email/pause', { reason: '' }, 422, 'invalid_document'],
  ['pause', '/v1/channels/email/pause', { because: 'x' }, 422, 'invalid_document'],
])('what makes no sense changes nothing: %s %s %j', async (_, url, body, status, code) => {
  const answer = await api.post(url, body);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  expect(await api.store.channels.countDocuments()).toBe(0);
  expect(await api.store.auditLog.countDocuments()).toBe(0);
});
