import { addEvent, INBOX_LIMIT, loadConversation, type Store } from '../src/store/index.js';
import { addConversations, conversationOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('add-event');
  store = test.store;
});

afterAll(() => test.close());

const reply = (id: string) => ({ id, type: 'response' as const, at: 2000 });
const replies = (count: number) => Array.from({ length: count }, (_, i) => reply(`e${i}`));

describe('adding an event', () => {
  it.each([
    ['to an active conversation', {}, 'added'],
    ['to a blocked conversation', { status: 'blocked' }, 'added'],
    ['whose id waits already', { inbox: [reply('new')] }, 'duplicate'],
    ['whose id was applied', { applied_event_ids: ['old', 'new'] }, 'duplicate'],
    ['to a conversation that is over', { status: 'completed' }, 'completed'],
    [
      'that a conversation applied before it was over',
      { status: 'completed', applied_event_ids: ['new'] },
      'duplicate',
    ],
    ['to an inbox with room for one', { inbox: replies(INBOX_LIMIT - 1) }, 'added'],
    ['to a full inbox', { inbox: replies(INBOX_LIMIT) }, 'full'],
    ['that waits already in a full inbox', { inbox: [...replies(INBOX_LIMIT - 1), reply('new')] }, 'duplicate'],
  ] as const)('%s', async (name, more, expected) => {
    const [before] = await addConversations(store, [conversationOf('table', name.replaceAll(' ', '-'), more)]);
    const id = before?._id ?? '';

    expect(await addEvent(store, id, reply('new'))).toBe(expected);

    const after = await loadConversation(store, id);
    if (expected === 'added') {
      expect(after).toMatchObject({ version: 2, next_action_at: 0 });
      expect(after.inbox.at(-1)).toEqual(reply('new'));
      expect(after.inbox).toHaveLength((before?.inbox.length ?? 0) + 1);
    } else expect(after).toEqual(before);
  });

  it('to a conversation that does not exist creates none', async () => {
    expect(await addEvent(store, 'nobody/here', reply('new'))).toBe('missing');
    expect(await store.conversations.collection.countDocuments({ _id: 'nobody/here' } as never)).toBe(0);
  });

  it('keeps what the recipient wrote as it is, whatever its keys', async () => {
    await addConversations(store, [conversationOf('keys', 'r')]);
    const event = {
      ...reply('odd'),
      text: '$set',
      data: { 'a.b': 1, $inc: { version: 9 }, each: [null, {}] },
    };

    await addEvent(store, 'keys/r', event);

    expect((await loadConversation(store, 'keys/r')).inbox).toEqual([event]);
  });
});

describe('50 callers at once', () => {
  it('with the same event add it once', async () => {
    await addConversations(store, [conversationOf('same', 'r')]);

    const added = await Promise.all(Array.from({ length: 50 }, () => addEvent(store, 'same/r', reply('one'))));

    expect(added.filter((answer) => answer === 'added')).toHaveLength(1);
    expect(added.filter((answer) => answer === 'duplicate')).toHaveLength(49);
    expect(await loadConversation(store, 'same/r')).toMatchObject({ version: 2, inbox: [reply('one')] });
  });

  it('with events of their own lose none, and never overfill the inbox', async () => {
    await addConversations(store, [conversationOf('own', 'r', { inbox: replies(70) })]);

    const added = await Promise.all(Array.from({ length: 50 }, (_, i) => addEvent(store, 'own/r', reply(`mine${i}`))));

    expect(added.filter((answer) => answer === 'added')).toHaveLength(30);
    expect(added.filter((answer) => answer === 'full')).toHaveLength(20);
    const { inbox, version } = await loadConversation(store, 'own/r');
    expect(new Set(inbox.map(({ id }) => id)).size).toBe(INBOX_LIMIT);
    expect(version).toBe(31);
  });
});
