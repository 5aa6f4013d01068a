import type { ResponseDocument } from '../src/models/index.js';
import {
  INBOX_LIMIT,
  loadConversation,
  receiveResponse,
  receiveResponses,
  routeResponses,
  type Store,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('replies-in-groups');
  store = test.store;
  await addCampaign(store, 'c', { paused_ms: 100 });
  await addCampaign(store, 'd', { paused_ms: 0 });
});

afterEach(() => Promise.all([store.responses.deleteMany({}), store.conversations.deleteMany({})]));
afterAll(() => test.close());

const reply = (id: string, conversation_id: string, more: Partial<ResponseDocument> = {}): ResponseDocument => ({
  _id: id,
  campaign_id: conversation_id.split('/')[0] ?? '',
  conversation_id,
  status: 'received',
  received_at: 2000,
  ...more,
});

const replies = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => reply(`${prefix}${i}`, `c/r${i}`));
const stored = (id: string) => store.responses.collection.findOne({ _id: id } as never);
const inboxOf = async (id: string) => (await loadConversation(store, id)).inbox;

describe('replies that are received together', () => {
  it('are kept once, however many groups hold them at the same time', async () => {
    const groups = Array.from({ length: 20 }, (_, n) => replies(30, 'r').map((one) => ({ ...one, text: `try ${n}` })));

    const received = (await Promise.all(groups.map((group) => receiveResponses(store, group)))).flat();

    for (let i = 0; i < 30; i++) {
      const same = received.filter(({ response }) => response._id === `r${i}`);
      expect(same.filter(({ created }) => created)).toHaveLength(1);
      const kept = await stored(`r${i}`);
      for (const { response } of same) expect(response).toEqual(kept);
    }
  });

  it('are told apart: those that are new, those that are not, and a second one with an id of the same group', async () => {
    await receiveResponse(store, reply('old', 'c/r', { text: 'the first', status: 'late' }));

    const group = [reply('new', 'c/r'), reply('old', 'c/r', { text: 'again' }), reply('new', 'c/r', { text: 'twin' })];
    const received = await receiveResponses(store, group);

    expect(received).toMatchObject([
      { created: true, response: { _id: 'new' } },
      { created: false, response: { _id: 'old', text: 'the first', status: 'late' } },
      { created: false, response: { _id: 'new' } },
    ]);
    expect(received[2]?.response).not.toHaveProperty('text');
  });

  it('are not taken for duplicates where something else is wrong with one of them', async () => {
    await receiveResponse(store, reply('old', 'c/r'));
    let nested: object = {};
    for (let i = 0; i < 300; i++) nested = { nested };
    const bad = reply('bad', 'c/r', { data: nested as never });

    await expect(receiveResponses(store, [reply('good', 'c/r'), reply('old', 'c/r'), bad])).rejects.toThrow();
  });
});

describe('replies that are routed together', () => {
  it('meet each its own fate, which is noted, and doing it again changes nothing', async () => {
    const full = Array.from({ length: INBOX_LIMIT }, (_, i) => ({ id: `e${i}`, type: 'response' as const, at: 1 }));
    await addConversations(store, [
      conversationOf('c', 'open'),
      conversationOf('d', 'open'),
      conversationOf('c', 'over', { status: 'completed' }),
      conversationOf('c', 'full', { inbox: full }),
      conversationOf('c', 'waits', { inbox: [{ id: 'waits', type: 'response', at: 1900 }] }),
      conversationOf('c', 'knows', { applied_event_ids: ['knows'], status: 'completed' }),
      conversationOf('c', 'stop'),
    ]);
    const group = [
      reply('one', 'c/open', { text: 'Yes', intent: 'yes', data: { 'a.b': 1 } }),
      reply('other-clock', 'd/open'),
      reply('over', 'c/over'),
      reply('full', 'c/full'),
      reply('waits', 'c/waits'),
      reply('knows', 'c/knows'),
      reply('stop', 'c/stop', { text: 'STOP' }),
      reply('nobody', 'c/nobody'),
      reply('nowhere', 'nowhere/r'),
    ];
    await receiveResponses(store, group);
    const fates = [
      ['one', 'queued', undefined, ['c/open']],
      ['other-clock', 'queued', undefined, ['d/open']],
      ['over', 'late', 'conversation_completed', []],
      ['full', 'received', undefined, []],
      ['waits', 'queued', undefined, ['c/waits']],
      ['knows', 'queued', undefined, ['c/knows']],
      ['stop', 'applied', 'opt_out', ['c/stop']],
      ['nobody', 'unmatched', 'no_conversation', []],
      ['nowhere', 'unmatched', 'no_conversation', []],
    ] as const;

    for (let times = 0; times < 2; times++) {
      const routed = await routeResponses(store, group);
      expect(routed).toEqual(fates.map(([, status, , wake]) => ({ status, wake })));
    }

    for (const [id, status, reason] of fates) {
      const kept = await stored(id);
      expect([id, kept?.['status'], kept?.['reason']]).toEqual([id, status, reason]);
    }
    expect(await inboxOf('c/open')).toEqual([
      { id: 'one', type: 'response', at: 1900, text: 'Yes', intent: 'yes', data: { 'a.b': 1 } },
    ]);
    expect(await loadConversation(store, 'd/open')).toMatchObject({
      version: 2,
      next_action_at: 0,
      inbox: [{ id: 'other-clock', at: 2000 }],
    });
    expect(await inboxOf('c/full')).toEqual(full);
  });

  it('are in their inboxes once, however many groups hold them at the same time', async () => {
    await addConversations(
      store,
      replies(20, 'r').map((_, i) => conversationOf('c', `r${i}`)),
    );
    const group = replies(20, 'r');
    await receiveResponses(store, group);

    const routed = await Promise.all(Array.from({ length: 10 }, () => routeResponses(store, group)));

    for (const { status } of routed.flat()) expect(status).toBe('queued');
    for (let i = 0; i < 20; i++) {
      expect(await loadConversation(store, `c/r${i}`)).toMatchObject({ version: 2, inbox: [{ id: `r${i}` }] });
    }
  });

  it('are not hindered by a conversation that takes none: the others have theirs, and trying again is no harm', async () => {
    await addConversations(store, [
      conversationOf('c', 'r0'),
      conversationOf('c', 'r1', { inbox: 'broken' as never }),
      conversationOf('c', 'r2'),
    ]);
    const group = replies(3, 'r');
    await receiveResponses(store, group);

    for (let times = 0; times < 2; times++) await expect(routeResponses(store, group)).rejects.toThrow();

    for (const id of ['r0', 'r2']) expect((await inboxOf(`c/${id}`)).map((event) => event.id)).toEqual([id]);
    expect(await stored('r0')).toMatchObject({ status: 'received' }); // the sweep, or whoever goes on one by one
  });

  it('are nothing where there are none', async () => {
    expect(await receiveResponses(store, [])).toEqual([]);
    expect(await routeResponses(store, [])).toEqual([]);
  });
});
