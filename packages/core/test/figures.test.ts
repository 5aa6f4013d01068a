import type { EscalationDocument } from '../src/models/index.js';
import {
  countBlockedConversations,
  countCampaigns,
  countDue,
  countUnknownMessages,
  oldestDueMs,
  openEscalations,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

/** Of every test a database of its own: each of these figures is of everything there is. */
let test: TestStore;

beforeEach(async () => {
  test = await openTestStore('figures');
});

afterEach(() => test.close());

const due = (campaign: string, recipient: string, next_action_at: number, more = {}) =>
  addConversations(test.store, [conversationOf(campaign, recipient, { next_action_at, ...more })]);

describe('how late we are', () => {
  it('is how long the conversation has been due that has been due for longest, over all running campaigns', async () => {
    await addCampaign(test.store, 'a');
    await addCampaign(test.store, 'b');
    await due('a', 'p1', 9000);
    await due('b', 'p2', 4000);
    await due('b', 'p3', 50_000);
    expect(await oldestDueMs(test.store, 10_000)).toBe(6000);
  });

  it('is 0 where nothing is due', async () => {
    expect(await oldestDueMs(test.store, 10_000)).toBe(0);
    await addCampaign(test.store, 'a');
    await due('a', 'p1', 10_001);
    expect(await oldestDueMs(test.store, 10_000)).toBe(0);
  });

  it('counts what a reply made due from when it arrived', async () => {
    await addCampaign(test.store, 'a');
    await due('a', 'p1', 0, { inbox: [{ id: 'r1', type: 'response', at: 8000 }] });
    expect(await oldestDueMs(test.store, 10_000)).toBe(2000);
  });

  it('does not count what is paused, completed, or was due while the campaign stood still', async () => {
    await addCampaign(test.store, 'paused', { status: 'paused' });
    await addCampaign(test.store, 'resumed', { paused_ms: 5000 });
    await due('paused', 'p1', 1000);
    await due('resumed', 'p1', 1000, { status: 'completed' });
    await due('resumed', 'p2', 4000);
    expect(await oldestDueMs(test.store, 10_000)).toBe(1000);
  });
});

it('the horizon is what is due before an instant, and no more of it is counted than wanted', async () => {
  await addCampaign(test.store, 'a');
  await addCampaign(test.store, 'b', { paused_ms: 1000 });
  for (const at of [1, 2, 3, 9001]) await due('a', `p${at}`, at);
  for (const at of [8999, 9001]) await due('b', `p${at}`, at);
  expect(await countDue(test.store, 10_000, 100)).toBe(5);
  expect(await countDue(test.store, 10_000, 3)).toBe(3);
});

it('campaigns are counted by status', async () => {
  await addCampaign(test.store, 'a');
  await addCampaign(test.store, 'b');
  await addCampaign(test.store, 'c', { status: 'completed', ended_at: 1 });
  expect(await countCampaigns(test.store)).toEqual(
    new Map([
      ['running', 2],
      ['completed', 1],
    ]),
  );
});

it('open escalations are counted, and the oldest tells since when it waits', async () => {
  expect(await openEscalations(test.store)).toEqual({ count: 0, oldestAt: null });
  const escalation = (id: string, opened_at: number, status: 'open' | 'resolved'): EscalationDocument => ({
    _id: id,
    campaign_id: 'a',
    conversation_id: 'a/p',
    stage: 'hello',
    action: 'notify_manager',
    status,
    opened_at,
    notified_at: null,
    resolved_at: null,
  });
  const all = [escalation('1', 100, 'resolved'), escalation('2', 300, 'open'), escalation('3', 200, 'open')];
  await test.store.escalations.collection.insertMany(all as never);
  expect(await openEscalations(test.store)).toEqual({ count: 2, oldestAt: 200 });
});

it('unknown messages are counted, and no others', async () => {
  const rows = (['sent', 'unknown', 'unknown', 'failed'] as const).map((status, i) =>
    rowOf(`a/p${i}/hello/1/0/0`, { status }),
  );
  await test.store.messages.collection.insertMany(rows as never);
  expect(await countUnknownMessages(test.store)).toBe(2);
});

it('blocked conversations are counted, those of a paused campaign too, and none of a campaign that is over', async () => {
  expect(await countBlockedConversations(test.store)).toBe(0);
  await addCampaign(test.store, 'a');
  await addCampaign(test.store, 'paused', { status: 'paused' });
  await addCampaign(test.store, 'over', { status: 'completed', ended_at: 1 });
  for (const campaign of ['a', 'paused', 'over']) {
    await due(campaign, 'p1', 1000, { status: 'blocked' });
    await due(campaign, 'p2', 1000);
    await due(campaign, 'p3', 1000, { status: 'completed' });
  }
  await due('a', 'p4', 1000, { status: 'blocked' });
  expect(await countBlockedConversations(test.store)).toBe(3);
});
