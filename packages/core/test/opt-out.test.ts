import type { ChannelName } from '../src/schemas/campaign.js';
import {
  addEvent,
  findSuppression,
  INBOX_LIMIT,
  loadConversation,
  noteBounce,
  optOut,
  optOutOfConversation,
  optOutOfMessage,
  type Store,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('opt-out');
  store = test.store;
  await addCampaign(store, 'mail', { channel: 'email', paused_ms: 100 });
  await addCampaign(store, 'mail2', { channel: 'email', status: 'paused', paused_at: 1500 });
  await addCampaign(store, 'hook', { channel: 'webhook' });
  await addCampaign(store, 'old', { channel: 'email' });
});

beforeEach(async () => {
  await addConversations(store, [
    conversationOf('mail', 'ann'),
    conversationOf('mail2', 'ann', { status: 'blocked', reason: 'x' }),
    conversationOf('hook', 'ann'),
    conversationOf('old', 'ann', { status: 'completed', result: 'success' }),
    conversationOf('mail', 'bob'),
  ]);
  await store.recipients.collection.insertOne({ _id: 'ann', email: 'Ann.New@x.test' } as never);
  await store.messages.collection.insertOne(sent('mail/ann/hello/1/0/0', 'Ann@x.test') as never);
});
afterEach(async () => {
  for (const model of [store.conversations, store.messages, store.recipients, store.suppressions]) {
    await model.collection.deleteMany({});
  }
});
afterAll(() => test.close());

const KEY = 'mail/ann/hello/1/0/0';
const AT = 2000;
const UNSUBSCRIBED = { reason: 'unsubscribe', at: AT } as const;

function sent(key: string, to: string, channel: ChannelName = 'email') {
  return rowOf(key, { status: 'sent', to, channel, settled_at: 1000 });
}

const event = (at: number, detail = 'unsubscribe') => ({ id: 'opt_out:email', type: 'opt_out', at, detail });
const inboxOf = async (id: string) => (await loadConversation(store, id)).inbox;

it('a link in a mail whose address the ledger has forgotten opts out the address that the recipient has by now', async () => {
  await store.messages.collection.updateOne({ _id: KEY } as never, { $set: { to: '' } });

  const wake = await optOutOfMessage(store, KEY, UNSUBSCRIBED);

  expect(wake?.sort()).toEqual(['mail/ann', 'mail2/ann']);
  expect(await findSuppression(store, 'email:ann.new@x.test')).toMatchObject({ reason: 'unsubscribe', source: KEY });
});

it('an opt-out suppresses the address and tells every open conversation with the recipient on that channel', async () => {
  const wake = await optOut(store, {
    ...UNSUBSCRIBED,
    channel: 'email',
    address: 'ANN@x.test',
    recipientId: 'ann',
    source: KEY,
  });

  expect(wake.sort()).toEqual(['mail/ann', 'mail2/ann']);
  expect(await findSuppression(store, 'email:ann@x.test')).toEqual({
    _id: 'email:ann@x.test',
    reason: 'unsubscribe',
    source: KEY,
    created_at: new Date(AT),
  });
  expect(await loadConversation(store, 'mail/ann')).toMatchObject({
    inbox: [event(1900)],
    next_action_at: 0,
    version: 2,
  });
  expect(await inboxOf('mail2/ann')).toEqual([event(1500)]);
  for (const id of ['hook/ann', 'old/ann', 'mail/bob']) expect(await inboxOf(id)).toEqual([]);
});

it('an opt-out that comes again changes nothing and tells whom to wake all the same', async () => {
  const again = () =>
    optOut(store, { ...UNSUBSCRIBED, channel: 'email', address: 'ann@x.test', recipientId: 'ann', source: KEY });
  const first = await again();
  const before = await loadConversation(store, 'mail/ann');

  expect(await again()).toEqual(first);
  expect(await loadConversation(store, 'mail/ann')).toEqual(before);
  expect(await store.suppressions.countDocuments()).toBe(1);
});

it('without a recipient only the address is suppressed', async () => {
  const wake = await optOut(store, {
    channel: 'email',
    address: 'ann@x.test',
    reason: 'complaint',
    source: 'report',
    at: AT,
  });

  expect(wake).toEqual([]);
  expect(await findSuppression(store, 'email:ann@x.test')).toMatchObject({ reason: 'complaint' });
  expect(await inboxOf('mail/ann')).toEqual([]);
});

it('a crash behind the suppression is mended by the next call', async () => {
  const { conversations } = store;
  const dying: Store = { ...store, conversations: withoutReads(conversations) };
  await expect(optOutOfMessage(dying, KEY, UNSUBSCRIBED)).rejects.toThrow('killed');
  expect(await findSuppression(store, 'email:ann@x.test')).not.toBeNull();
  expect(await inboxOf('mail/ann')).toEqual([]);

  expect(await optOutOfMessage(store, KEY, UNSUBSCRIBED)).toEqual(['mail/ann', 'mail2/ann']);
  expect(await inboxOf('mail/ann')).toEqual([event(1900)]);
});

/** A process that is killed when it first looks for conversations. */
function withoutReads(model: Store['conversations']): Store['conversations'] {
  return new Proxy(model, {
    get: (target, name, receiver) => {
      if (name === 'collection') throw new Error('killed');
      return Reflect.get(target, name, receiver);
    },
  });
}

it('a full inbox has room for an opt-out', async () => {
  const inbox = Array.from({ length: INBOX_LIMIT }, (_, i) => ({ id: `e${i}`, type: 'response' as const, at: 1 }));
  await store.conversations.collection.updateOne({ _id: 'mail/ann' as never }, { $set: { inbox } });

  expect(await addEvent(store, 'mail/ann', { id: 'reply', type: 'response', at: 1 })).toBe('full');
  expect(await optOutOfMessage(store, KEY, UNSUBSCRIBED)).toContain('mail/ann');
  expect((await inboxOf('mail/ann')).at(-1)).toEqual(event(1900));
});

it('the opt-out of a message is that of its address, also when the conversation is over', async () => {
  await store.messages.collection.insertOne(sent('old/ann/hello/1/0/0', 'ann@old.test') as never);

  expect(await optOutOfMessage(store, 'old/ann/hello/1/0/0', { reason: 'complaint', at: AT })).toEqual([
    'mail/ann',
    'mail2/ann',
  ]);
  expect(await findSuppression(store, 'email:ann@old.test')).toMatchObject({ reason: 'complaint' });
  expect(await inboxOf('mail/ann')).toEqual([event(1900, 'complaint')]);
  expect(await optOutOfMessage(store, 'old/nobody/hello/1/0/0', UNSUBSCRIBED)).toBeNull();
});

it('the opt-out of a message that the ledger does not have, as after a restore, is that of its conversation', async () => {
  expect(await optOutOfMessage(store, 'mail/ann/thank/1/0/0/r1', UNSUBSCRIBED)).toEqual(['mail/ann', 'mail2/ann']);
  expect((await store.suppressions.find().sort({ _id: 1 }).lean()).map(({ _id, source }) => [_id, source])).toEqual([
    ['email:ann.new@x.test', 'mail/ann/thank/1/0/0/r1'],
    ['email:ann@x.test', 'mail/ann/thank/1/0/0/r1'],
  ]);
});

it('the opt-out of a conversation is that of every address it wrote to, and of the present one', async () => {
  await store.messages.collection.insertMany([
    sent('mail/ann/hello/1/1/0', 'ann@second.test'),
    sent('mail/ann/hello/1/2/0', 'elsewhere', 'log'),
    { ...sent('mail/ann/hello/1/3/0', ''), status: 'failed' },
  ] as never);

  expect(await optOutOfConversation(store, 'mail/ann', { reason: 'stop', source: 'r', at: AT })).toEqual([
    'mail/ann',
    'mail2/ann',
  ]);
  expect((await store.suppressions.find().sort({ _id: 1 }).lean()).map(({ _id }) => _id)).toEqual([
    'email:ann.new@x.test',
    'email:ann@second.test',
    'email:ann@x.test',
  ]);
  expect(await optOutOfConversation(store, 'mail/nobody', { reason: 'stop', source: 'r', at: AT })).toBeNull();
});

describe('a permanent bounce', () => {
  const bounce = { messageKey: KEY, detail: '5.1.1 no such mailbox', at: AT };

  it('suppresses the address and tells the conversation of the message alone', async () => {
    expect(await noteBounce(store, bounce)).toEqual(['mail/ann']);
    expect(await noteBounce(store, bounce)).toEqual(['mail/ann']);

    expect(await findSuppression(store, 'email:ann@x.test')).toMatchObject({ reason: 'bounce', source: KEY });
    expect(await inboxOf('mail/ann')).toEqual([
      { id: `bounced:${KEY}`, type: 'bounced', at: 1900, key: KEY, detail: '5.1.1 no such mailbox' },
    ]);
    expect(await inboxOf('mail2/ann')).toEqual([]);
  });

  it('of a message that there is not changes nothing; of a conversation that is over it suppresses', async () => {
    expect(await noteBounce(store, { ...bounce, messageKey: 'mail/ann/hello/9/0/0' })).toBeNull();
    expect(await store.suppressions.countDocuments()).toBe(0);

    await store.conversations.collection.updateOne({ _id: 'mail/ann' as never }, { $set: { status: 'completed' } });
    expect(await noteBounce(store, bounce)).toEqual([]);
    expect(await store.suppressions.countDocuments()).toBe(1);
  });
});
