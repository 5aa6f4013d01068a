import { addRow, runningCampaign } from './support/conversations.js';
import { createTestApi, keyOf, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_erasure');
  await runningCampaign(api, 'camp');
});
afterAll(() => api.stop());

const ERASURE = '/v1/recipients/user_1/erasure';

it('is pending while a message is on the wire, and complete when its outcome is known', async () => {
  const key = await addRow(api.store, 'camp/user_1', 0, 'sending');
  const pending = await api.post(ERASURE);
  expect([pending.status, pending.headers['retry-after']]).toEqual([202, '2']);
  expect(pending.body).toMatchObject({ status: 'pending', awaited: { messages: 1, decisions: 0, campaigns: 0 } });

  await api.store.messages.updateOne({ _id: key }, { $set: { status: 'sent' } });
  const complete = await api.post(ERASURE);
  expect(complete.status).toBe(200);
  expect(complete.body).toMatchObject({
    id: pending.body['id'],
    recipient_id: 'user_1',
    status: 'complete',
    requested_by: 'tests',
    ended_conversations: 1,
    erased: { recipients: 1, messages: 1, conversation_states: 1 },
    kept: { id: expect.any(String), suppressions: expect.any(String) },
  });
  expect((await api.get('/v1/recipients/user_1')).status).toBe(404);
  expect((await api.get('/v1/erasures')).body).toMatchObject({ items: [{ recipient_id: 'user_1' }], next: null });
});

it.each([
  ['POST', ERASURE],
  ['GET', '/v1/recipients/user_2/export'],
  ['GET', '/v1/erasures'],
] as const)('%s %s needs the scope `operate`', async (method, url) => {
  for (const scope of ['read', 'write', 'respond'] as const) {
    const headers = { authorization: `Bearer ${keyOf([scope])}` };
    expect((await api.app.inject({ method, url, headers })).statusCode).toBe(403);
  }
});

it('both stand in the description of the api', async () => {
  const { paths } = (await api.get('/openapi.json')).body as { paths: Record<string, object> };

  expect(paths['/v1/recipients/{id}/erasure']).toMatchObject({ post: { responses: { 200: {}, 202: {} } } });
  expect(paths['/v1/recipients/{id}/export']).toMatchObject({ get: { responses: { 200: {} } } });
  expect(Object.keys(paths).filter((path) => path.startsWith('/queues'))).toEqual([]);
});
