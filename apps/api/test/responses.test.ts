import { change, runningCampaign } from './support/conversations.js';
import { createTestApi, NOW, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_responses');
  await runningCampaign(api, 'camp');
});
afterAll(() => api.stop());

const conversation = (id: string) => api.store.conversations.findById(id).lean();

describe('POST /v1/responses', () => {
  it('puts a reply into its conversation, once, and has it decided at once', async () => {
    const reply = { id: 'reply-1', conversation_id: 'camp/user_1', intent: 'more', text: 'Yes', data: { rating: 5 } };
    const first = await api.post('/v1/responses', reply);
    const second = await api.post('/v1/responses', reply);

    expect([first.status, first.body]).toEqual([
      202,
      { id: 'reply-1', status: 'queued', conversation_id: 'camp/user_1' },
    ]);
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(await conversation('camp/user_1')).toMatchObject({
      next_action_at: 0,
      inbox: [{ id: 'reply-1', type: 'response', at: NOW, intent: 'more', text: 'Yes', data: { rating: 5 } }],
    });
    expect(await api.jobs('conversations')).toEqual([
      expect.objectContaining({
        name: 'advance',
        data: { conversation_id: 'camp/user_1', trace_id: first.headers['x-trace-id'] },
      }),
    ]);
  });

  it('takes campaign and recipient in place of the conversation, and an Idempotency-Key in place of the id', async () => {
    const reply = { campaign_id: 'camp', recipient_id: 'user_2', text: 'Hm' };
    const first = await api.post('/v1/responses', reply, { 'idempotency-key': 'mine-1' });
    const second = await api.post('/v1/responses', reply, { 'idempotency-key': 'mine-1' });
    const other = await api.post('/v1/responses', reply);

    expect(first.body).toEqual({ id: 'mine-1', status: 'queued', conversation_id: 'camp/user_2' });
    expect([first.status, second.status, other.status]).toEqual([202, 200, 202]);
    expect((await conversation('camp/user_2'))?.inbox.map(({ id }) => id)).toEqual(['mine-1', other.body['id']]);
  });

  it('takes STOP as an opt-out from every open conversation with the recipient, and wakes each', async () => {
    await runningCampaign(api, 'camp2');
    const reply = { id: 'stop-1', conversation_id: 'camp/user_2', text: ' Stop!\n\nSent from my phone' };
    const first = await api.post('/v1/responses', reply);
    const again = await api.post('/v1/responses', reply);

    expect([first.status, first.body]).toEqual([
      202,
      { id: 'stop-1', status: 'applied', conversation_id: 'camp/user_2' },
    ]);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const event = { id: 'opt_out:log', type: 'opt_out', at: NOW, detail: 'stop' };
    for (const id of ['camp/user_2', 'camp2/user_2']) expect((await conversation(id))?.inbox).toContainEqual(event);
    expect((await conversation('camp2/user_1'))?.inbox).toEqual([]);
    const woken = (await api.jobs('conversations')).map(({ data }) => data['conversation_id']);
    expect(woken).toEqual(expect.arrayContaining(['camp/user_2', 'camp2/user_2']));
    expect(await api.store.suppressions.findById('log:user_2@example.com').lean()).toMatchObject({ source: 'stop-1' });
  });

  it('keeps a reply to a conversation that there is not, or that is over', async () => {
    await change(api.store, 'camp/user_3', { status: 'completed' });
    const ghost = await api.post('/v1/responses', { id: 'to-ghost', conversation_id: 'camp/ghost', text: 'Who?' });
    const late = await api.post('/v1/responses', { id: 'too-late', conversation_id: 'camp/user_3' });

    expect([ghost.status, ghost.body['status']]).toEqual([202, 'unmatched']);
    expect([late.status, late.body['status']]).toEqual([202, 'late']);
    expect(await api.store.responses.findById('to-ghost').lean()).toMatchObject({ text: 'Who?', status: 'unmatched' });
    expect((await api.post('/v1/responses', { id: 'to-ghost', conversation_id: 'camp/ghost' })).body).toEqual(
      ghost.body,
    );
  });

  it('goes on with a reply that its first receiver stored and then died', async () => {
    const [_id, conversation_id] = ['stranded', 'camp/user_1'];
    await api.store.responses.create({
      _id,
      conversation_id,
      campaign_id: 'camp',
      status: 'received',
      received_at: NOW,
    });

    expect(await api.post('/v1/responses', { id: _id, conversation_id })).toMatchObject({
      status: 200,
      body: { status: 'queued' },
    });
  });

  it('refuses an id that belongs to a reply to another conversation', async () => {
    await api.post('/v1/responses', { id: 'shared', conversation_id: 'camp/user_1' });

    expect((await api.post('/v1/responses', { id: 'shared', conversation_id: 'camp/user_2' })).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it.each<[string, object, string[]]>([
    ['no conversation', { text: 'Hi' }, ['$']],
    ['half a conversation', { campaign_id: 'camp' }, ['$.recipient_id']],
    ['two that differ', { conversation_id: 'camp/user_1', campaign_id: 'other' }, ['$.campaign_id']],
    ['an id with a slash', { conversation_id: 'camp/user_1', id: 'a/b' }, ['$.id']],
    ['a list', [], ['$']],
  ])('refuses a reply with %s', async (_, reply, paths) => {
    const { status, body } = await api.post('/v1/responses', reply);

    expect([status, (body['faults'] as { path: string }[]).map(({ path }) => path)]).toEqual([422, paths]);
  });

  it('refuses hostile data, and keys that cannot be ids', async () => {
    const hostile = await api.post('/v1/responses', '{"conversation_id":"camp/user_1","data":{"__proto__":{"x":1}}}');
    const key = await api.post('/v1/responses', { conversation_id: 'camp/user_1' }, { 'idempotency-key': 'a b' });

    expect([hostile.status, hostile.body['faults']]).toEqual([
      422,
      [expect.objectContaining({ path: '$.data.__proto__' })],
    ]);
    expect([key.status, key.body['code']]).toEqual([400, 'invalid_request']);
  });
});
