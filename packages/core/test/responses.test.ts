import type { ConversationDocument, ResponseDocument } from '../src/models/index.js';
import {
  commitDecisions,
  loadConversation,
  markResponses,
  receiveResponse,
  reconcileResponse,
  routeResponse,
  type Store,
  strandedResponses,
  waitingInInbox,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('responses');
  store = test.store;
  await addCampaign(store, 'c', { paused_ms: 100 });
});

afterEach(() => Promise.all([store.responses.deleteMany({}), store.conversations.deleteMany({})]));
afterAll(() => test.close());

const reply = (id: string, more: Partial<ResponseDocument> = {}): ResponseDocument => ({
  _id: id,
  campaign_id: 'c',
  conversation_id: 'c/r',
  status: 'received',
  received_at: 2000,
  ...more,
});

async function stored(id: string): Promise<ResponseDocument | null> {
  return (await store.responses.collection.findOne({ _id: id } as never)) as ResponseDocument | null;
}

/** Decides as the engine does: applies the inbox, and notes what was applied. */
async function decide(seen: ConversationDocument, more: Partial<ConversationDocument> = {}) {
  const state = {
    ...seen,
    inbox: [],
    applied_event_ids: [...seen.applied_event_ids, ...seen.inbox.map(({ id }) => id)],
    ...more,
  };
  const events = seen.inbox.map(({ id, at }) => ({
    at,
    type: 'response' as const,
    stage: 'hello',
    visit: 1,
    detail: { id },
  }));
  await commitDecisions(store, [{ seen, state, events }], `decided-${seen.version}`);
}

it('a reply is kept once, however often it is posted', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => receiveResponse(store, reply('once', { text: `try ${i}` }))),
  );

  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  const first = answers.find(({ created }) => created)?.response;
  for (const { response } of answers) expect(response).toEqual(first);
});

describe('a reply that is routed', () => {
  it('is queued in its conversation, in campaign time, with what was written', async () => {
    await addConversations(store, [conversationOf('c', 'r')]);
    const { response } = await receiveResponse(
      store,
      reply('q', { intent: 'yes', text: 'Yes!', data: { 'a.b': { $c: 1 } } }),
    );

    expect((await routeResponse(store, response)).status).toBe('queued');
    expect((await routeResponse(store, response)).status).toBe('queued');

    expect(await stored('q')).toMatchObject({ status: 'queued' });
    expect((await loadConversation(store, 'c/r')).inbox).toEqual([
      { id: 'q', type: 'response', at: 1900, intent: 'yes', text: 'Yes!', data: { 'a.b': { $c: 1 } } },
    ]);
  });

  it.each([
    ['late', 'a conversation that is over', 'c', { status: 'completed' }, 'conversation_completed'],
    ['unmatched', 'a campaign that does not exist', 'none', null, 'no_conversation'],
    ['unmatched', 'a conversation that does not exist', 'c', null, 'no_conversation'],
  ] as const)('is %s for %s', async (status, _, campaign_id, more, reason) => {
    if (more) await addConversations(store, [conversationOf('c', 'r', more)]);
    const { response } = await receiveResponse(store, reply('x', { campaign_id, conversation_id: `${campaign_id}/r` }));

    expect((await routeResponse(store, response)).status).toBe(status);
    expect(await stored('x')).toMatchObject({ status, reason });
  });

  it('waits where the inbox is full, and gets its place later', async () => {
    const inbox = Array.from({ length: 100 }, (_, i) => ({ id: `e${i}`, type: 'opt_out' as const, at: 1 }));
    await addConversations(store, [conversationOf('c', 'r', { inbox })]);
    const { response } = await receiveResponse(store, reply('wait'));
    expect((await routeResponse(store, response)).status).toBe('received');
    expect(await stored('wait')).toMatchObject({ status: 'received' });

    await store.conversations.updateOne({ _id: 'c/r' }, { $set: { inbox: [] } });
    expect((await reconcileResponse(store, response)).status).toBe('queued');
  });
});

it.each([
  ['received', 'queued', 'queued'],
  ['queued', 'applied', 'applied'],
  ['received', 'late', 'late'],
  ['applied', 'queued', 'applied'],
  ['applied', 'late', 'applied'],
  ['late', 'queued', 'late'],
  ['unmatched', 'queued', 'unmatched'],
] as const)('a reply that is %s and marked %s is %s', async (before, mark, after) => {
  await receiveResponse(store, reply('m', { status: before }));
  await markResponses(store, ['m'], mark);
  expect(await stored('m')).toMatchObject({ status: after });
});

describe('a stranded reply', () => {
  it.each([
    ['was applied', {}, 'applied'],
    ['ended its conversation', { status: 'completed' }, 'applied'],
  ] as const)('that %s is found out to be so', async (_, more, status) => {
    await addConversations(store, [conversationOf('c', 'r')]);
    const { response } = await receiveResponse(store, reply('s'));
    await routeResponse(store, response);
    await decide(await loadConversation(store, 'c/r'), more);

    expect((await reconcileResponse(store, response)).status).toBe(status);
    expect(await stored('s')).toMatchObject({ status });
    expect((await loadConversation(store, 'c/r')).inbox).toEqual([]);
  });

  it('that waits still is queued, once', async () => {
    await addConversations(store, [conversationOf('c', 'r')]);
    const { response } = await receiveResponse(store, reply('s'));
    await routeResponse(store, response);

    expect((await reconcileResponse(store, response)).status).toBe('queued');
    expect((await loadConversation(store, 'c/r')).inbox).toHaveLength(1);
  });

  it('that arrived behind the one that ended the conversation is late', async () => {
    await addConversations(store, [conversationOf('c', 'r')]);
    const { response } = await receiveResponse(store, reply('behind'));
    await routeResponse(store, response);
    const seen = await loadConversation(store, 'c/r');
    const state = { ...seen, status: 'completed' as const, inbox: [], applied_event_ids: ['behind'] };
    await commitDecisions(store, [{ seen, state, events: [] }], 'ended');

    expect((await reconcileResponse(store, response)).status).toBe('late');
    expect(await stored('behind')).toMatchObject({ status: 'late', reason: 'conversation_completed' });
  });

  it('is found page by page, oldest first, though many arrived in one millisecond', async () => {
    const waiting = Array.from({ length: 30 }, (_, i) =>
      reply(`queued${String(i).padStart(2, '0')}`, { status: 'queued', received_at: Math.floor(i / 20) }),
    );
    await store.responses.collection.insertMany(waiting as never);
    await receiveResponse(store, reply('lost', { received_at: 900 }));
    await receiveResponse(store, reply('young', { received_at: 1001 }));

    expect((await strandedResponses(store, 'received', 1000, 10)).map(({ _id }) => _id)).toEqual(['lost']);
    const found: string[] = [];
    let last: ResponseDocument | undefined;
    do {
      const page = await strandedResponses(store, 'queued', 1000, 7, last);
      found.push(...page.map(({ _id }) => _id));
      last = page.at(-1);
    } while (last);
    expect(found).toEqual(waiting.map(({ _id }) => _id));
  });

  it('is settled by one of many who try', async () => {
    await addConversations(store, [conversationOf('c', 'r')]);
    const { response } = await receiveResponse(store, reply('once'));

    const reconciled = await Promise.all(Array.from({ length: 8 }, () => reconcileResponse(store, response)));

    expect(reconciled.filter(({ changed }) => changed)).toHaveLength(1);
    expect((await loadConversation(store, 'c/r')).inbox).toHaveLength(1);
    expect(await waitingInInbox(store, [response, reply('other')])).toEqual(new Set(['once']));
  });
});

describe('a reply that says STOP', () => {
  const STOP = 'Stop.\n\n> Hello Ann';

  beforeEach(() => store.recipients.collection.insertOne({ _id: 'r', email: 'r@x.test' } as never));
  afterEach(() => Promise.all([store.recipients.deleteMany({}), store.suppressions.deleteMany({})]));

  it('is applied as an opt-out and seen by no rule of the campaign', async () => {
    await addConversations(store, [conversationOf('c', 'r')]);
    const { response } = await receiveResponse(store, reply('s', { text: STOP, intent: 'accept_proposal' }));

    expect(await routeResponse(store, response)).toEqual({ status: 'applied', wake: ['c/r'] });
    expect(await routeResponse(store, response)).toEqual({ status: 'applied', wake: ['c/r'] });

    expect(await stored('s')).toMatchObject({ status: 'applied', reason: 'opt_out' });
    expect((await loadConversation(store, 'c/r')).inbox).toEqual([
      { id: 'opt_out:log', type: 'opt_out', at: 1900, detail: 'stop' },
    ]);
    expect(await store.suppressions.findById('log:r@x.test').lean()).toMatchObject({ reason: 'stop', source: 's' });
  });

  it('is never too late, and belongs to nobody only where there is no conversation', async () => {
    await addConversations(store, [conversationOf('c', 'r', { status: 'completed' })]);
    const { response: late } = await receiveResponse(store, reply('late-stop', { text: 'STOP' }));
    const { response: lost } = await receiveResponse(
      store,
      reply('lost-stop', { text: 'STOP', conversation_id: 'c/nobody' }),
    );

    expect(await routeResponse(store, late)).toEqual({ status: 'applied', wake: [] });
    expect(await routeResponse(store, lost)).toEqual({ status: 'unmatched', wake: [] });
    expect(await store.suppressions.countDocuments()).toBe(1);
  });

  it('that was stored by a process which came no further is carried out by the sweep', async () => {
    await addConversations(store, [conversationOf('c', 'r')]);
    await receiveResponse(store, reply('stranded', { text: 'STOP' }));
    const [response] = await strandedResponses(store, 'received', 1e9, 10);

    expect(response && (await reconcileResponse(store, response))).toEqual({
      status: 'applied',
      wake: ['c/r'],
      changed: true,
    });
    expect(await store.suppressions.countDocuments()).toBe(1);
    expect(await strandedResponses(store, 'received', 1e9, 10)).toEqual([]);
  });
});
