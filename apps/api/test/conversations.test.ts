import { resendKey } from '@campaign-manager/core/engine';
import { addRow, change, runningCampaign } from './support/conversations.js';
import { createTestApi, NOW, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_conversations');
  await runningCampaign(api, 'camp');
  await runningCampaign(api, 'camp2');
});
afterAll(() => api.stop());

const at = (id: string) => `/v1/conversations/${encodeURIComponent(id)}`;
const tell = (id: string, command: unknown) => api.post(`${at(id)}/commands`, command);
const inbox = async (id: string) => (await api.store.conversations.findById(id).lean())?.inbox;
const resolve = (key: string, resolution: object) =>
  api.post(`/v1/messages/${encodeURIComponent(key)}/resolve`, resolution);

describe('GET conversations', () => {
  it('lists those of one campaign, filtered and page by page', async () => {
    await change(api.store, 'camp/user_2', { current_stage: 'offer' });
    await change(api.store, 'camp/user_3', { status: 'blocked' });
    const ids = async (query: string) => {
      const { body } = await api.get(`/v1/campaigns/camp/conversations?${query}`);
      return [(body['items'] as { _id: string }[]).map(({ _id }) => _id), body['next']];
    };

    expect(await ids('')).toEqual([['camp/user_1', 'camp/user_2', 'camp/user_3'], null]);
    expect(await ids('stage=offer')).toEqual([['camp/user_2'], null]);
    expect(await ids('status=blocked')).toEqual([['camp/user_3'], null]);
    expect(await ids('limit=2')).toEqual([['camp/user_1', 'camp/user_2'], 'camp/user_2']);
    expect(await ids('limit=2&after=camp/user_2')).toEqual([['camp/user_3'], null]);
    await change(api.store, 'camp/user_3', { status: 'active' });
  });

  it('shows one with its history and its messages, without the bookkeeping', async () => {
    await addRow(api.store, 'camp/user_1', 0, 'sent');
    const { status, body } = await api.get(at('camp/user_1'));

    expect(status).toBe(200);
    expect(body).toMatchObject({
      _id: 'camp/user_1',
      recipient_id: 'user_1',
      status: 'active',
      current_stage: 'welcome',
      timeline: [{ type: 'entered', stage: 'welcome', at: NOW }],
      messages: [{ _id: 'camp/user_1/welcome/1/0/0', status: 'sent', to: 'user_1@example.com' }],
    });
    for (const internal of ['version', 'fence', 'inbox', 'outbox', 'applied_event_ids', 'recent_events']) {
      expect(body).not.toHaveProperty(internal);
    }
  });

  it('says which there is not', async () => {
    expect((await api.get(at('camp/ghost'))).body).toMatchObject({
      status: 404,
      detail: "There is no conversation 'camp/ghost'.",
    });
    expect((await api.get('/v1/conversations/camp')).body).toMatchObject({ status: 400, faults: [{ path: '$.id' }] });
  });
});

describe('POST /v1/conversations/:id/commands', () => {
  it.each<[object]>([
    [{ name: 'retry' }],
    [{ name: 'take' }],
    [{ name: 'release' }],
    [{ name: 'advance' }],
    [{ name: 'advance', to: 'offer' }],
    [{ name: 'snooze', until: NOW + 1000 }],
    [{ name: 'complete' }],
    [{ name: 'fail' }],
    [{ name: 'cancel' }],
  ])('puts %j into the inbox, and has it decided at once', async (command) => {
    const { status, body } = await tell('camp/user_1', command);

    expect([status, body]).toEqual([202, { id: expect.any(String), status: 'queued' }]);
    expect((await inbox('camp/user_1'))?.at(-1)).toEqual({
      id: body['id'],
      type: 'command',
      at: NOW,
      by: 'tests',
      command,
    });
    expect((await api.jobs('conversations')).at(-1)).toMatchObject({
      name: 'advance',
      data: { conversation_id: 'camp/user_1' },
    });
  });

  it('is audited', async () => {
    await tell('camp/user_2', { name: 'snooze', until: NOW + 5 });

    expect(await api.store.auditLog.findOne({ target: 'camp/user_2' }).lean()).toMatchObject({
      by: 'tests',
      action: 'conversation.snooze',
      detail: { name: 'snooze', until: NOW + 5 },
    });
  });

  it('reads wall clock and writes campaign time', async () => {
    await api.post('/v1/campaigns/camp2/pause');
    api.clock.advance(60_000);
    await api.post('/v1/campaigns/camp2/resume');
    await tell('camp2/user_1', { name: 'snooze', until: NOW + 100_000 });

    expect((await inbox('camp2/user_1'))?.at(-1)).toMatchObject({ at: NOW, command: { until: NOW + 40_000 } });
  });

  it.each<[unknown, string]>([
    [{}, '$.name'],
    [{ name: 'explode' }, '$.name'],
    [{ name: 'snooze' }, '$.until'],
    [{ name: 'snooze', until: 'tomorrow' }, '$.until'],
    [{ name: 'take', until: 1 }, '$.until'],
    [{ name: 'advance', to: 'nowhere' }, '$.to'],
    [{ name: 'advance', to: 'constructor' }, '$.to'],
    [{ name: 'resend' }, '$.key'],
    [undefined, '$'],
  ])('refuses %j at %s', async (command, path) => {
    const before = await inbox('camp/user_2');
    const { status, body } = await tell('camp/user_2', command);

    expect([status, body['faults']]).toEqual([422, [expect.objectContaining({ path })]]);
    expect(await inbox('camp/user_2')).toEqual(before);
  });

  it('refuses any for a conversation that is completed', async () => {
    await change(api.store, 'camp/user_3', { status: 'completed' });

    expect((await tell('camp/user_3', { name: 'retry' })).body).toMatchObject({ status: 409, code: 'conflict' });
    await change(api.store, 'camp/user_3', { status: 'active' });
  });

  it('resends what is abandoned, and nothing that was sent or was sent again already', async () => {
    const sent = await addRow(api.store, 'camp/user_3', 0, 'sent');
    const abandoned = await addRow(api.store, 'camp/user_3', 1, 'abandoned');
    const status = async (key: string) => (await tell('camp/user_3', { name: 'resend', key })).status;

    expect(await status(sent)).toBe(409);
    expect(await status('camp/user_3/welcome/1/7/0')).toBe(404);
    expect(await status('camp/user_1/welcome/1/0/0')).toBe(404);
    expect(await status(abandoned)).toBe(202);
    await api.store.messages.collection.insertOne({ _id: resendKey(abandoned) } as never);
    expect(await status(abandoned)).toBe(409);
    await api.store.messages.collection.deleteOne({ _id: resendKey(abandoned) as never });
  });

  it('asks to come back when too many events wait', async () => {
    const waiting = Array.from({ length: 100 }, (_, n) => ({
      id: `e${n}`,
      type: 'delivery' as const,
      at: NOW,
      key: 'k',
    }));
    await change(api.store, 'camp2/user_3', { inbox: waiting });
    const { status, headers } = await tell('camp2/user_3', { name: 'take' });

    expect([status, headers['retry-after']]).toEqual([503, '5']);
  });
});

describe('messages', () => {
  it("lists a campaign's ledger by status, without fences", async () => {
    await addRow(api.store, 'camp2/user_1', 0, 'unknown');
    await addRow(api.store, 'camp2/user_2', 0, 'sent');
    const unknown = await api.get('/v1/campaigns/camp2/messages?status=unknown');
    const all = await api.get('/v1/campaigns/camp2/messages?limit=1000');

    expect(unknown.body).toMatchObject({
      items: [{ _id: 'camp2/user_1/welcome/1/0/0', status: 'unknown' }],
      next: null,
    });
    expect(unknown.body['items']).not.toEqual([expect.objectContaining({ fence: expect.anything() })]);
    expect(all.body['items']).toHaveLength(2);
    expect((await api.get('/v1/campaigns/camp2/messages?limit=1001')).status).toBe(400);
    expect((await api.get('/v1/campaigns/camp2/messages?status=lost')).status).toBe(400);
  });

  it.each([
    ['confirm', 'sent'],
    ['abandon', 'abandoned'],
  ])('%s makes an unknown one %s, once', async (action, status) => {
    const key = await addRow(api.store, 'camp/user_1', action === 'confirm' ? 10 : 11, 'unknown');
    const first = await resolve(key, { action, note: 'saw it' });
    const second = await resolve(key, { action });

    expect([first.status, first.body]).toEqual([200, { _id: key, status }]);
    expect(second.body).toMatchObject({ status: 409, code: 'conflict' });
    expect(await api.store.messages.findById(key).lean()).toMatchObject({
      status,
      attempts: [{ n: 1, at: expect.any(Number), outcome: status, reason: 'operator tests: saw it' }],
    });
    expect(await api.store.auditLog.find({ target: key }).distinct('action')).toEqual([`message.${action}`]);
  });

  it('resend abandons an unknown one, and tells the conversation to send it again', async () => {
    const key = await addRow(api.store, 'camp/user_2', 12, 'unknown');
    const { status, body } = await resolve(key, { action: 'resend' });

    expect([status, body]).toEqual([200, { _id: key, status: 'abandoned', resent_as: `${key}/r1` }]);
    expect(await api.store.messages.findById(key).lean()).toMatchObject({ status: 'abandoned' });
    expect((await inbox('camp/user_2'))?.at(-1)).toMatchObject({ type: 'command', command: { name: 'resend', key } });
  });

  it.each(['completed', 'blocked'] as const)(
    'does not resend in a conversation that is %s, and changes nothing',
    async (status) => {
      const key = await addRow(api.store, 'camp2/user_2', status === 'blocked' ? 13 : 14, 'unknown');
      await change(api.store, 'camp2/user_2', { status });

      expect((await resolve(key, { action: 'resend' })).body).toMatchObject({ status: 409, code: 'conflict' });
      expect(await api.store.messages.findById(key).lean()).toMatchObject({ status: 'unknown', attempts: [] });
    },
  );

  it('refuses other words, and keys that there are not', async () => {
    expect((await resolve('camp/user_1/welcome/1/99/0', { action: 'confirm' })).body).toMatchObject({
      status: 404,
      detail: "There is no message 'camp/user_1/welcome/1/99/0'.",
    });
    expect((await resolve('camp/user_1/welcome/1/0/0', { action: 'forget' })).body).toMatchObject({
      status: 422,
      faults: [{ path: '$.action' }],
    });
  });
});
