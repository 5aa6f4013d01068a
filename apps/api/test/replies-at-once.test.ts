import { conversationId } from '@campaign-manager/core/engine';
import { INBOX_LIMIT, initializePage } from '@campaign-manager/core/store';
import { startTcpProxy, type TcpProxy, testMongoUri } from '@campaign-manager/testkit';
import { change, runningCampaign } from './support/conversations.js';
import { type Answer, createTestApi, NOW, type TestApi } from './support/test-api.js';

const CONVERSATIONS = 25;

let mongo: TcpProxy;
let api: TestApi;
let campaigns = 0;
let campaign: string;

beforeAll(async () => {
  mongo = await startTcpProxy(testMongoUri());
  api = await createTestApi('api_replies_at_once', { mongodbUri: mongo.uri });
});
afterAll(async () => {
  mongo.pass();
  await api.stop();
  await mongo.close();
});

/** A running campaign of its own, with conversations `r0`, `r1` ... */
beforeEach(async () => {
  campaign = `camp${campaigns++}`;
  await runningCampaign(api, campaign);
  const members = Array.from({ length: CONVERSATIONS }, (_, i) => ({
    _id: conversationId(campaign, `r${i}`),
    campaign_id: campaign,
    recipient_id: `r${i}`,
    context: {},
  }));
  await initializePage(api.store, members, 'welcome', NOW);
  await api.producers.queues.conversations.drain();
});

const idOf = (recipient: number | string) => `${campaign}/r${recipient}`;
const conversation = (recipient: number | string) => api.store.conversations.findById(idOf(recipient)).lean();
const inboxOf = async (recipient: number | string) => (await conversation(recipient))?.inbox.map(({ id }) => id);
const post = (id: string, recipient: number | string, more: object = {}): Promise<Answer> =>
  api.post('/v1/responses', { id: `${campaign}-${id}`, conversation_id: idOf(recipient), ...more });
const named = (ids: readonly string[]) => ids.map((id) => `${campaign}-${id}`);

/** Posts at once; the first is written alone, and the others wait for it and go together. */
const postAll = (replies: readonly (readonly [id: string, recipient: number | string, more?: object])[]) =>
  Promise.all(replies.map((reply) => post(...reply)));

it('replies that come at once are each applied once, with their duplicates among them', async () => {
  const each = Array.from({ length: CONVERSATIONS }, (_, i) => [`${i}`, i] as const);

  const answers = await postAll([...each, ...each, ...each]);

  for (const { body } of answers) expect(body).toMatchObject({ status: 'queued' });
  for (const [id, recipient] of each) {
    const same = answers.filter(({ body }) => body['id'] === `${campaign}-${id}`);
    expect(same.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
    expect(await conversation(recipient)).toMatchObject({ version: 2, next_action_at: 0 });
    expect(await inboxOf(recipient)).toEqual(named([id]));
    expect(await api.store.responses.findById(`${campaign}-${id}`).lean()).toMatchObject({ status: 'queued' });
  }
});

it('replies to one conversation stay in the order in which they came, however many come at once', async () => {
  const ids = Array.from({ length: 30 }, (_, i) => `${i}`);

  await postAll(ids.map((id, i) => [id, i % 3] as const));

  for (const recipient of [0, 1, 2]) {
    expect(await inboxOf(recipient)).toEqual(named(ids.filter((_, i) => i % 3 === recipient)));
  }
});

it('conversations that get replies at once are woken together, each once, by few jobs', async () => {
  await postAll(Array.from({ length: CONVERSATIONS }, (_, i) => [`${i}`, i] as const));

  const jobs = await api.jobs('conversations');
  const woken = jobs.flatMap(({ data }) => data['conversation_ids'] ?? [data['conversation_id']]);
  expect([...woken].sort()).toEqual(Array.from({ length: CONVERSATIONS }, (_, i) => idOf(i)).sort());
  expect(jobs.length).toBeLessThan(CONVERSATIONS / 2);
  for (const { data } of jobs) expect(data['trace_id']).toMatch(/^[0-9a-f]{32}$/);
});

it('what is late, unmatched, without room or an opt-out is told apart from what is queued', async () => {
  await change(api.store, idOf(1), { status: 'completed' });
  const inbox = Array.from({ length: INBOX_LIMIT }, (_, i) => ({ id: `e${i}`, type: 'response' as const, at: 1 }));
  await change(api.store, idOf(2), { inbox });

  const answers = await postAll([
    ['first', 0],
    ['late', 1],
    ['full', 2],
    ['nobody', 'nobody'],
    ['stop', 3, { text: 'Stop' }],
    ['queued', 4],
  ]);

  expect(answers.map(({ status, body }) => [status, body['status']])).toEqual([
    [202, 'queued'],
    [202, 'late'],
    [202, 'received'],
    [202, 'unmatched'],
    [202, 'applied'],
    [202, 'queued'],
  ]);
  const reasons = await Promise.all(
    ['late', 'nobody', 'stop', 'queued'].map((id) => api.store.responses.findById(`${campaign}-${id}`).lean()),
  );
  expect(reasons.map((response) => response?.reason)).toEqual([
    'conversation_completed',
    'no_conversation',
    'opt_out',
    undefined,
  ]);
});

it('one that fails fails for itself', async () => {
  await change(api.store, idOf(2), { inbox: 'broken' as never });

  const answers = await postAll([
    ['0', 0],
    ['1', 1],
    ['2', 2],
    ['3', 3],
    ['1', 4], // the id of another conversation's reply
  ]);

  expect(answers.map(({ status }) => status)).toEqual([202, 202, 500, 202, 409]);
  for (const recipient of [0, 1, 3]) expect(await inboxOf(recipient)).toEqual(named([`${recipient}`]));
  expect(await inboxOf(4)).toEqual([]);
});

describe('while MongoDB is away', () => {
  const each = Array.from({ length: CONVERSATIONS }, (_, i) => [`${i}`, i] as const);

  afterEach(async () => {
    for (const [id, recipient] of each) {
      expect(await inboxOf(recipient)).toEqual(named([id]));
      expect(await api.store.responses.findById(`${campaign}-${id}`).lean()).toMatchObject({ status: 'queued' });
    }
  });

  it.each<[string, 'answer' | 'request', () => string]>([
    ['the insert', 'answer', () => `${campaign}-7`],
    ['the insert', 'request', () => `${campaign}-7`],
    ['the bulk of inbox updates', 'answer', () => 'applied_event_ids'],
    ['the bulk of inbox updates', 'request', () => 'applied_event_ids'],
  ])(
    'for %s of a group, whose %s is lost, all of the group are taken once all the same',
    async (_, what, marker) => {
      await api.get('/v1/campaigns'); // the key is remembered now
      const alone = api.post('/v1/responses', { conversation_id: 'nowhere/r' }); // holds up the others, who go together
      const mishap = mongo.lose(what, marker());
      const answers = await postAll(each);
      await alone;

      expect(mishap.happened()).toBe(true);
      for (const { status, body } of answers) {
        expect([200, 202]).toContain(status);
        expect(body).toMatchObject({ status: 'queued' });
      }
      if (what === 'request') await mishap.deliver();
    },
    60_000,
  );

  it('for all of them, each is refused for now, and taken once when it is back', async () => {
    await post('0', 0);
    const answers = postAll(each);
    mongo.refuse();
    for (const { status } of await answers) expect([200, 202, 503]).toContain(status);
    mongo.pass();

    for (const { status, body } of await postAll(each)) {
      expect([200, 202]).toContain(status);
      expect(body).toMatchObject({ status: 'queued' });
    }
  }, 60_000);
});
