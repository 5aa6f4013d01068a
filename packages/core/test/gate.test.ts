import type { CampaignDocument, ConversationDocument } from '../src/models/index.js';
import { gate, loadCampaign, pauseCampaign, resumeCampaign, type Store, suppressionId } from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, messageEffect } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('gate');
  store = test.store;
});

afterAll(() => test.close());

const NOW = 50_000;
const waiting = { inbox: [{ id: 'e', type: 'response', at: 1 }] } as const;

interface Case {
  readonly name: string;
  readonly campaign?: Partial<CampaignDocument>;
  readonly conversation?: Partial<ConversationDocument> | null;
  readonly suppressed?: boolean;
  readonly recipient?: object;
  readonly verdict: string;
}

const cases: readonly Case[] = [
  { name: 'nothing has changed', verdict: 'pass' },
  { name: 'something waits in the inbox', conversation: waiting, verdict: 'back' },
  { name: 'the message was taken back', conversation: { outbox: [] }, verdict: 'withdrawn' },
  { name: 'the conversation is gone', conversation: null, verdict: 'withdrawn' },
  { name: 'it was taken back, and something waits', conversation: { outbox: [], ...waiting }, verdict: 'withdrawn' },
  { name: 'the conversation is blocked', conversation: { status: 'blocked' }, verdict: 'halt' },
  { name: 'the address is suppressed', suppressed: true, verdict: 'suppressed' },
  { name: 'consent was withdrawn', recipient: { consent: { email: false } }, verdict: 'suppressed' },
  { name: 'consent was given', recipient: { consent: { email: true } }, verdict: 'pass' },
  { name: 'consent was withdrawn for another channel', recipient: { consent: { webhook: false } }, verdict: 'pass' },
  { name: 'it is suppressed, and something waits', suppressed: true, conversation: waiting, verdict: 'back' },
  { name: 'the campaign is a draft', campaign: { status: 'draft' }, verdict: 'halt' },
  { name: 'the campaign is scheduled', campaign: { status: 'scheduled' }, verdict: 'halt' },
  { name: 'the campaign is paused', campaign: { status: 'paused' }, verdict: 'halt' },
  { name: 'the campaign is cancelled', campaign: { status: 'cancelled' }, verdict: 'halt' },
  { name: 'the campaign is completed', campaign: { status: 'completed' }, verdict: 'halt' },
  { name: 'the campaign has changed since', campaign: { revision: 2 }, verdict: 'halt' },
  { name: 'the campaign begins in a moment', campaign: { start_at: NOW + 1 }, verdict: 'halt' },
  { name: 'the campaign begins now', campaign: { start_at: NOW }, verdict: 'pass' },
  { name: 'the campaign ends in a moment', campaign: { end_at: NOW + 1 }, verdict: 'pass' },
  { name: 'the campaign ends now', campaign: { end_at: NOW }, verdict: 'halt' },
];

it.each(cases.map((one) => [one.name, one.verdict, one] as const))('when %s: %s', async (name, verdict, one) => {
  const id = name.replaceAll(/[ ,]+/g, '-');
  await addCampaign(store, id, one.campaign);
  const key = `${id}/r/hello/1/0/0`;
  if (one.conversation !== null) {
    await addConversations(store, [conversationOf(id, 'r', { outbox: [messageEffect(key)], ...one.conversation })]);
  }
  const address = suppressionId('email', `${id}@Example.Test `);
  if (one.recipient) await store.recipients.collection.insertOne({ _id: `${id}-r`, ...one.recipient } as never);
  if (one.suppressed) {
    const stored = {
      _id: suppressionId('email', `${id.toUpperCase()}@example.test`),
      reason: 'bounce',
      created_at: new Date(0),
    };
    await store.suppressions.collection.insertOne(stored as never);
  }

  const verdicts = await gate(
    store,
    'email',
    { _id: id, revision: 1 },
    [{ key, conversationId: `${id}/r`, suppressionId: address, recipientId: `${id}-r` }],
    () => NOW,
  );

  expect(verdicts).toEqual(new Map([[key, verdict]]));
});

it('judges every message of a chunk on its own', async () => {
  await addCampaign(store, 'chunk');
  const effect = (r: string) => messageEffect(`chunk/${r}/hello/1/0/0`);
  await addConversations(store, [
    conversationOf('chunk', 'a', { outbox: [effect('a')] }),
    conversationOf('chunk', 'b', { outbox: [effect('b')], ...waiting }),
    conversationOf('chunk', 'c', { outbox: [] }),
  ]);

  const verdicts = await gate(
    store,
    'email',
    { _id: 'chunk', revision: 1 },
    ['a', 'b', 'c'].map((r) => ({
      key: effect(r).key,
      conversationId: `chunk/${r}`,
      suppressionId: `email:${r}`,
      recipientId: r,
    })),
    () => NOW,
  );

  expect([...verdicts.values()]).toEqual(['pass', 'back', 'withdrawn']);
});

it('a campaign that does not exist lets nothing pass', async () => {
  const verdicts = await gate(
    store,
    'email',
    { _id: 'none', revision: 1 },
    [{ key: 'k', conversationId: 'none/r', suppressionId: 's', recipientId: 'r' }],
    () => NOW,
  );
  expect([...verdicts.values()]).toEqual(['halt']);
});

it('nothing that was decided before a pause passes after it, not even when the campaign goes on', async () => {
  const before = await addCampaign(store, 'paused');
  const key = 'paused/r/hello/1/0/0';
  await addConversations(store, [conversationOf('paused', 'r', { outbox: [messageEffect(key)] })]);
  const message = { key, conversationId: 'paused/r', suppressionId: 'email:r', recipientId: 'r' };
  await pauseCampaign(store, 'paused', NOW);

  expect((await gate(store, 'email', before, [message], () => NOW)).get(key)).toBe('halt');
  await resumeCampaign(store, 'paused', NOW + 10);
  expect((await gate(store, 'email', before, [message], () => NOW + 20)).get(key)).toBe('halt');
  expect((await gate(store, 'email', await loadCampaign(store, 'paused'), [message], () => NOW + 20)).get(key)).toBe(
    'pass',
  );
});

it('reads the time after the documents, so that a slow read does not let a message out after the end', async () => {
  await addCampaign(store, 'slow', { end_at: NOW });
  const key = 'slow/r/hello/1/0/0';
  await addConversations(store, [conversationOf('slow', 'r', { outbox: [messageEffect(key)] })]);
  let now = NOW - 1;
  const verdicts = gate(
    store,
    'email',
    { _id: 'slow', revision: 1 },
    [{ key, conversationId: 'slow/r', suppressionId: 's', recipientId: 'r' }],
    () => now,
  );
  now = NOW;

  expect((await verdicts).get(key)).toBe('halt');
});

it('whoever cannot read does not pass', async () => {
  const gone = await test.connect();
  await gone.close();

  await expect(
    gate(
      gone,
      'email',
      { _id: 'chunk', revision: 1 },
      [{ key: 'k', conversationId: 'chunk/a', suppressionId: 's', recipientId: 'r' }],
      () => NOW,
    ),
  ).rejects.toThrow();
});
