import type { ConversationDocument } from '../src/models/index.js';
import {
  addAudienceMembers,
  addEvent,
  addSuppressions,
  audit,
  backup,
  campaignProgress,
  claimMessages,
  eraseRecipient,
  exportRecipient,
  insertSettledRows,
  listReceipts,
  noteBounce,
  type RemovalPlace,
  receiveResponse,
  recordEscalations,
  recordOutcomes,
  removeHistory,
  routeResponse,
  routeResponses,
  type Store,
  saveRecipients,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, messageEffect, rowOf } from './support/documents.js';
import { placesOf } from './support/dump.js';
import { openTestStore, type TestStore } from './support/store.js';

/** Stands in every field that can hold anything of a person. */
const CANARY = 'kanarie';
const ADDRESS = `${CANARY}@example.test`;
const NOW = 50_000;

let test: TestStore;
let store: Store;
beforeAll(async () => {
  test = await openTestStore('erasure');
  store = test.store;
});
beforeEach(async () => {
  await Promise.all(Object.values(store.connection.models).map((model) => model.deleteMany({})));
});
afterAll(() => test.close());

const erase = (id = 'ada', now = NOW) => eraseRecipient(store, id, { by: 'olga', now: () => now });

/** One who is written to, replies, bounces, is escalated and talked about, in campaigns of every status. */
async function plant(): Promise<void> {
  await saveRecipients(store, [
    { _id: 'ada', first_name: CANARY, email: ADDRESS, phone: '+4930123456', nested: { list: [CANARY] } },
    { _id: 'bob', first_name: 'Bob', email: 'bob@example.test' },
  ]);
  await addCampaign(store, 'open', { channel: 'email' });
  await addCampaign(store, 'ended', { channel: 'email', status: 'completed', ended_at: 1 });
  await addCampaign(store, 'paused', { channel: 'email', status: 'paused', paused_at: 2000 });
  await addCampaign(store, 'draft', { status: 'draft', started_at: null, conversation_states_initialized: false });
  for (const campaign of ['open', 'ended', 'paused', 'draft']) {
    await addAudienceMembers(
      store,
      campaign,
      ['ada', 'bob'].map((recipient_id) => ({
        recipient_id,
        context: { note: recipient_id === 'ada' ? CANARY : 'x' },
      })),
    );
  }
  await addConversations(store, [
    conversationOf('open', 'ada', {
      ...said(),
      outbox: [messageEffect('open/ada/hello/1/1/0')],
      escalation: { key: 'open/ada/hello/1', action: 'notify_manager', status: 'open', opened_at: 1000 },
    }),
    conversationOf('ended', 'ada', {
      ...said(),
      status: 'completed',
      result: 'success',
      reason: 'all_stages_completed',
    }),
    conversationOf('paused', 'ada', { ...said(), status: 'blocked', reason: `missing_variable: ${CANARY}` }),
    conversationOf('open', 'bob', { context: { note: 'x' } }),
  ]);
  await store.messages.collection.insertMany([
    rowOf('open/ada/hello/1/0/0', { ...written(), status: 'sent' }),
    rowOf('open/ada/hello/1/0/1', { ...written(), status: 'retry', due_at: 90_000 }),
    rowOf('ended/ada/hello/1/0/0', { ...written(), status: 'failed' }),
    rowOf('paused/ada/hello/1/0/0', { ...written(), status: 'unknown' }),
    rowOf('open/bob/hello/1/0/0', { status: 'sent', to: 'bob@example.test' }),
  ] as never);
  await store.conversationEvents.collection.insertOne({
    _id: 'open/ada/1/0',
    conversation_id: 'open/ada',
    v: 1,
    n: 0,
    at: 1,
    type: 'delivery',
    stage: 'hello',
    visit: 1,
    reason: `550 ${ADDRESS} unknown`,
    detail: { key: 'open/ada/hello/1/0/0', outcome: 'failed', detail: CANARY },
  } as never);
  const reply = { conversation_id: 'open/ada', campaign_id: 'open', received_at: 3000 };
  const words = { text: `I am ${CANARY}`, data: { name: CANARY }, intent: CANARY, from_other_address: true };
  await routed({ _id: 'r1', ...reply, ...words, status: 'received' });
  await routed({
    _id: 'r2',
    ...reply,
    ...words,
    conversation_id: 'draft/ada',
    campaign_id: 'draft',
    status: 'received',
  });
  await receiveResponse(store, { _id: 'r3', ...reply, ...words, status: 'received' }); // its process died
  await noteBounce(store, { messageKey: 'open/ada/hello/1/0/0', detail: `550 ${ADDRESS}`, at: 4000 });
  await recordEscalations(
    store,
    [
      {
        conversationId: 'open/ada',
        campaignId: 'open',
        effect: { kind: 'escalation', key: 'open/ada/hello/1', stage: 'hello', visit: 1, action: 'a', decided_at: 1 },
      },
    ],
    1000,
  );
  const at = new Date(5000);
  await audit(store, {
    at,
    by: 'olga',
    action: 'message.confirm',
    target: 'open/ada/hello/1/0/0',
    detail: { note: CANARY },
  });
  await audit(store, {
    at,
    by: 'olga',
    action: 'suppression.add',
    target: `email:${ADDRESS}`,
    detail: { reason: 'stop' },
  });
}

async function routed(response: Parameters<typeof routeResponse>[1]): Promise<void> {
  await receiveResponse(store, response);
  await routeResponse(store, response);
}

function said(): Partial<ConversationDocument> {
  return {
    context: { note: CANARY },
    latest_response: { text: CANARY },
    response_fields: { name: CANARY },
    response_count: 1,
    recent_events: [
      { at: 1000, type: 'entered', stage: 'hello', visit: 1, v: 1, n: 0 },
      {
        at: 1500,
        type: 'response',
        stage: 'hello',
        visit: 1,
        v: 2,
        n: 0,
        detail: { id: 'r0', intent: CANARY, qualifying: true },
      },
      {
        at: 1600,
        type: 'delivery',
        stage: 'hello',
        visit: 1,
        v: 3,
        n: 0,
        reason: CANARY,
        detail: { outcome: 'failed' },
      },
      {
        at: 1700,
        type: 'completed',
        stage: 'hello',
        visit: 1,
        v: 4,
        n: 0,
        reason: 'undeliverable',
        detail: { detail: CANARY },
      },
    ],
  };
}

function written() {
  return {
    to: ADDRESS,
    subject: `Dear ${CANARY}`,
    body: `Dear ${CANARY}`,
    provider_id: `<${CANARY}>`,
    attempts: [{ n: 1, at: 1000, outcome: 'deferred', reason: `450 ${ADDRESS}` }],
  };
}

const EVERYWHERE = [
  'audience_members',
  'audit_log',
  'conversation_events',
  'conversation_states',
  'messages',
  'recipients',
  'responses',
  'suppressions',
];

async function suppress(reason: 'stop' | 'bounce'): Promise<void> {
  await store.suppressions.deleteMany({});
  await addSuppressions(store, [
    { channel: 'email', address: ADDRESS, reason, source: `${CANARY} phoned`, createdAt: new Date(0) },
    { channel: 'email', address: 'bob@example.test', reason: 'stop', createdAt: new Date(0) },
  ]);
}

describe('an erasure', () => {
  it('leaves nothing of a person in any collection, and nobody else loses anything', async () => {
    await plant();
    expect(Object.keys(await placesOf(store, CANARY)).sort()).toEqual(EVERYWHERE);
    const others = await placesOf(store, 'bob');

    const { receipt, awaited } = await erase();

    expect(await placesOf(store, CANARY)).toEqual({});
    expect(await placesOf(store, '+4930123456')).toEqual({});
    expect(await placesOf(store, 'bob')).toEqual(others);
    expect(awaited).toEqual({ messages: 0, decisions: 0, campaigns: 0 });
    expect(receipt).toMatchObject({
      by: 'olga',
      target: 'ada',
      detail: {
        status: 'complete',
        completed_at: new Date(NOW),
        ended: 2,
        suppressed: 0,
        erased: {
          recipients: 1,
          audience_members: 4,
          conversation_states: 3,
          conversation_events: 1,
          messages: 4,
          responses: 3,
          suppressions: 1,
          audit_log: 2,
        },
      },
    });
  });

  it('ends open conversations, whatever their campaign is at, and has nothing left to send', async () => {
    await plant();
    await erase();

    const left = await store.conversations.find({ recipient_id: 'ada' }).sort({ _id: 1 }).lean();
    expect(left.map(({ _id, status, result, reason, outbox }) => [_id, status, result, reason, outbox])).toEqual([
      ['ended/ada', 'completed', 'success', 'all_stages_completed', []],
      ['open/ada', 'completed', 'opted_out', 'erased', []],
      ['paused/ada', 'completed', 'opted_out', 'erased', []],
    ]);
    const rows = await store.messages.find({ recipient_id: 'ada' }).sort({ _id: 1 }).lean();
    expect(rows.map(({ _id, status }) => [_id, status])).toEqual([
      ['ended/ada/hello/1/0/0', 'failed'],
      ['open/ada/hello/1/0/0', 'sent'],
      ['open/ada/hello/1/0/1', 'cancelled'],
      ['open/ada/hello/1/1/0', 'cancelled'], // decided, and claimed by nobody
      ['paused/ada/hello/1/0/0', 'unknown'],
    ]);
    expect((await store.escalations.find().lean()).map(({ status }) => status)).toEqual(['resolved']);
  });

  it('changes no figure of a campaign that has ended', async () => {
    await plant();
    const before = await campaignProgress(store, 'ended', new Date(0));
    await erase();

    expect(await campaignProgress(store, 'ended', new Date(0))).toEqual(before);
    expect(await campaignProgress(store, 'open', new Date(0))).toMatchObject({
      conversations: 2,
      by_result: { opted_out: 1 },
      responses: { late: 2 },
      escalations_open: 0,
    });
  });

  it('keeps what history needs to be read: stages, times, keys and our own reasons', async () => {
    await plant();
    await erase();

    const ended = await store.conversations.findById('ended/ada').lean();
    expect(ended?.recent_events).toEqual([
      { at: 1000, type: 'entered', stage: 'hello', visit: 1, v: 1, n: 0 },
      { at: 1500, type: 'response', stage: 'hello', visit: 1, v: 2, n: 0, detail: { qualifying: true } },
      { at: 1600, type: 'delivery', stage: 'hello', visit: 1, v: 3, n: 0, detail: { outcome: 'failed' } },
      { at: 1700, type: 'completed', stage: 'hello', visit: 1, v: 4, n: 0, reason: 'undeliverable' },
    ]);
  });

  it('an address that wanted no more messages stays suppressed, without its source; a bounce goes', async () => {
    await plant();
    await suppress('stop');
    const { receipt } = await erase();

    expect(await store.suppressions.find({ _id: `email:${ADDRESS}` }).lean()).toEqual([
      { _id: `email:${ADDRESS}`, reason: 'stop', created_at: new Date(0) },
    ]);
    expect(Object.keys(await placesOf(store, CANARY))).toEqual(['suppressions']);
    expect(receipt.detail.suppressed).toBe(1);

    await plantAgain();
    await suppress('bounce');
    await erase();
    expect(await placesOf(store, CANARY)).toEqual({});
  });

  it('a STOP that was received and not looked at yet counts', async () => {
    await plant();
    await store.suppressions.deleteMany({});
    const stop = { conversation_id: 'open/ada', campaign_id: 'open', received_at: 6000, text: 'STOP' };
    await receiveResponse(store, { _id: 'stop', ...stop, status: 'received' });
    await erase();

    expect(await store.suppressions.find().lean()).toEqual([
      { _id: `email:${ADDRESS}`, reason: 'stop', created_at: expect.any(Date) },
    ]);
  });

  it('is answered with the same receipt again, and refused for somebody of whom nothing is known', async () => {
    await plant();
    const first = await erase();
    const again = await erase();

    expect(again.receipt).toEqual(first.receipt);
    expect(await listReceipts(store, '', 10)).toEqual([first.receipt]);
    await expect(erase('nobody')).rejects.toThrow("There is no recipient 'nobody'.");
    expect(await listReceipts(store, '', 10)).toHaveLength(1);
  });

  it('begins wherever an export finds something, such as a reply to somebody who was never imported', async () => {
    await addCampaign(store, 'open', { channel: 'email' });
    const reply = {
      conversation_id: 'open/ghost',
      campaign_id: 'open',
      received_at: 3000,
      status: 'received' as const,
    };
    await routed({ _id: 'r', ...reply, text: CANARY });
    expect(Object.keys(await placesOf(store, CANARY))).toEqual(['responses']);
    const { receipt } = await erase('ghost');

    expect(await placesOf(store, CANARY)).toEqual({});
    expect(receipt.detail).toMatchObject({ status: 'complete', erased: { responses: 1 } });
    expect((await erase('ghost')).receipt).toEqual(receipt);
    await audit(store, { at: new Date(0), by: 'olga', action: 'campaign.launch', target: 'open' });
    await expect(erase('open')).rejects.toThrow("There is no recipient 'open'."); // a campaign is nobody
  });

  it('finds the addresses of old after retention as well: a suppression leads to its owner as long as it stands', async () => {
    await plant();
    await addSuppressions(store, [
      {
        channel: 'email',
        address: 'old@example.test',
        reason: 'bounce',
        source: 'open/ada/old',
        createdAt: new Date(0),
      },
    ]);
    await store.messages.updateOne(
      { _id: 'ended/ada/hello/1/0/0' },
      { $set: { channel: 'email', to: 'Old@example.test' } },
    );
    await store.messages.collection.insertOne(
      rowOf('ended/ada/hello/1/0/1', {
        ...written(),
        status: 'sent',
        channel: 'email',
        to: 'unlisted@example.test',
      }) as never,
    );
    let place: RemovalPlace | null = { list: 0, after: '' };
    while (place) place = await removeHistory(store, 'ended', place, 1, NOW);
    const rows = await store.messages.find({ campaign_id: 'ended' }).sort({ _id: 1 }).lean();
    expect(rows.map(({ to, body }) => [to, body])).toEqual([
      ['Old@example.test', ''],
      ['', ''],
    ]);

    const exported: object[] = [];
    for await (const { document } of await exportRecipient(store, 'ada')) exported.push(document);
    expect(exported).toContainEqual(expect.objectContaining({ _id: 'email:old@example.test' }));
    await erase();
    expect(await placesOf(store, 'old@example.test')).toEqual({});
  });

  it('of one who came back after an erasure has a receipt of its own', async () => {
    await plant();
    const first = await erase();
    await saveRecipients(store, [{ _id: 'ada', email: ADDRESS }]);
    const second = await erase('ada', NOW + 1);

    expect(second.receipt._id).not.toBe(first.receipt._id);
    expect(second.receipt.detail.erased).toEqual({ recipients: 1 });
    expect(await listReceipts(store, '', 1)).toEqual([first.receipt]);
    expect(await listReceipts(store, first.receipt._id, 10)).toEqual([second.receipt]);
  });
});

async function plantAgain(): Promise<void> {
  await Promise.all(Object.values(store.connection.models).map((model) => model.deleteMany({})));
  await plant();
}

describe('a crash', () => {
  const WRITES = ['updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'bulkWrite', 'insertOne'] as const;

  /** Lets so many writes through, then none. Answers whether it came so far. */
  async function crashAfter(writes: number): Promise<boolean> {
    let left = writes;
    let crashed = false;
    for (const { collection } of Object.values(store.connection.models)) {
      for (const name of WRITES) {
        const write = (collection[name] as (...args: unknown[]) => unknown).bind(collection);
        jest.spyOn(collection, name as never).mockImplementation(((...args: unknown[]) => {
          if (left-- > 0) return write(...args);
          crashed = true;
          throw new Error('the process died');
        }) as never);
      }
    }
    try {
      await erase().catch((error: Error) => {
        if (error.message !== 'the process died') throw error;
      });
    } finally {
      jest.restoreAllMocks();
    }
    return crashed;
  }

  it('between any two writes leaves an erasure that the same call goes on with, however often it dies', async () => {
    await plant();
    let deaths = 0;
    while (await crashAfter(deaths)) deaths += 1;
    const { receipt } = await erase();

    expect(deaths).toBeGreaterThan(20);
    expect(await placesOf(store, CANARY)).toEqual({});
    expect(receipt.detail.status).toBe('complete');
    expect(await listReceipts(store, '', 10)).toEqual([receipt]);
  }, 120_000);
});

describe('what comes late', () => {
  const reply = { conversation_id: 'open/ada', campaign_id: 'open', received_at: 60_000, status: 'received' as const };

  it('a reply is kept without its words, alone or in a group, and a second delivery of an earlier one changes nothing', async () => {
    await plant();
    await erase();
    await routed({ _id: 'late1', ...reply, text: CANARY, data: { name: CANARY }, intent: CANARY });
    const group = [
      { _id: 'late2', ...reply, text: CANARY },
      { _id: 'bobs', ...reply, conversation_id: 'open/bob', text: 'mine stays' },
    ];
    for (const one of group) await receiveResponse(store, one);
    await routeResponses(store, group);
    const { created } = await receiveResponse(store, { _id: 'r1', ...reply, text: CANARY });

    expect(created).toBe(false);
    expect(await placesOf(store, CANARY)).toEqual({});
    expect(await store.responses.find({ _id: /^late/ }).lean()).toEqual([
      { ...reply, _id: 'late1', status: 'late', reason: 'erased' },
      { ...reply, _id: 'late2', status: 'late', reason: 'erased' },
    ]);
    expect(await store.responses.findById('bobs').lean()).toMatchObject({ status: 'queued', text: 'mine stays' });
  });

  it('a reply without a conversation loses its words too, unless its sender was brought in anew', async () => {
    await plant();
    await erase();
    const elsewhere = { ...reply, conversation_id: 'draft/ada', campaign_id: 'draft', text: CANARY };
    await routed({ ...elsewhere, _id: 'late1' });
    const group = [
      { ...elsewhere, _id: 'late2' },
      { ...elsewhere, _id: 'bobs', conversation_id: 'draft/bob', text: 'mine stays' },
    ];
    for (const one of group) await receiveResponse(store, one);
    await routeResponses(store, group);

    expect(await placesOf(store, CANARY)).toEqual({});
    const { text: _, ...wordless } = elsewhere;
    expect(await store.responses.find({ _id: /^late/ }).lean()).toEqual([
      { ...wordless, _id: 'late1', status: 'late', reason: 'erased' },
      { ...wordless, _id: 'late2', status: 'late', reason: 'erased' },
    ]);
    expect(await store.responses.findById('bobs').lean()).toMatchObject({ status: 'unmatched', text: 'mine stays' });

    await saveRecipients(store, [{ _id: 'ada', email: 'new@example.test' }]);
    await routed({ ...elsewhere, _id: 'anew', text: 'mine stays' });
    expect(await store.responses.findById('anew').lean()).toMatchObject({ status: 'unmatched', text: 'mine stays' });
  });

  it('a bounce, an event and an outcome of an erased message bring nothing back', async () => {
    await plant();
    const row = rowOf('paused/ada/hello/1/0/0', { fence: 'mine' });
    await store.messages.updateOne({ _id: row._id }, { $set: { fence: 'mine' } });
    await erase();

    await noteBounce(store, { messageKey: row._id, detail: `550 ${ADDRESS}`, at: 60_000 });
    expect(await addEvent(store, 'open/ada', { id: 'x', type: 'opt_out', at: 60_000, detail: CANARY })).toBe('erased');
    const attempt = { n: 1, at: 60_000, outcome: 'rejected', reason: `550 ${ADDRESS}` };
    await recordOutcomes(store, [{ key: row._id, fence: 'mine', status: 'failed', attempt }]);

    expect(await placesOf(store, CANARY)).toEqual({});
  });

  it('a worker that still holds a decided message cannot claim it, nor write it down as settled', async () => {
    await plant();
    await erase();
    const row = rowOf('open/ada/hello/1/1/0', { ...written(), fence: 'slow' });

    expect(await claimMessages(store, [{ row, seenAttempt: null }], 'slow')).toEqual(new Set());
    await insertSettledRows(store, [{ ...row, status: 'retry', due_at: 1 }]);

    expect(await placesOf(store, CANARY)).toEqual({});
  });
});

describe('an erasure is not complete', () => {
  it('while a message is on the wire: its row is emptied when it is known what became of it', async () => {
    await plant();
    const key = 'open/ada/hello/1/1/0';
    const row = rowOf(key, { ...written(), fence: 'mine' });
    await claimMessages(store, [{ row, seenAttempt: null }], 'mine');

    const waiting = await erase();
    expect([waiting.receipt.detail.status, waiting.awaited.messages]).toEqual(['pending', 1]);

    const attempt = { n: 1, at: 60_000, outcome: 'accepted', reason: `250 ${ADDRESS}` };
    await recordOutcomes(store, [{ key, fence: 'mine', status: 'sent', attempt, providerId: CANARY }]);
    const done = await erase();

    expect(done.receipt).toMatchObject({ _id: waiting.receipt._id, detail: { status: 'complete', ended: 2 } });
    expect(await placesOf(store, CANARY)).toEqual({});
    expect(await store.messages.findById(key).lean()).toMatchObject({ status: 'sent', to: '', body: '' });
  });

  it('while a decision is under way that may have taken a message back before it was claimed', async () => {
    await plant();
    await store.openBatches.collection.insertOne({
      _id: 'batch' as never,
      campaign_id: 'open',
      conversation_ids: ['open/ada', 'open/bob'],
      lease_until: 99_000,
    });
    expect((await erase()).awaited.decisions).toBe(1);

    const row = rowOf('open/ada/hello/1/0/2', { ...written(), status: 'cancelled', fence: 'slow' });
    await insertSettledRows(store, [row]);
    await store.openBatches.deleteMany({});
    const done = await erase();

    expect(done.receipt.detail.status).toBe('complete');
    expect(await placesOf(store, CANARY)).toEqual({});
  });

  it('while a campaign makes its conversations and may have read the member', async () => {
    await plant();
    await addCampaign(store, 'begins', { channel: 'email', conversation_states_initialized: false });
    await addAudienceMembers(store, 'begins', [{ recipient_id: 'ada', context: { note: CANARY } }]);
    expect((await erase()).awaited.campaigns).toBe(1);

    await addConversations(store, [conversationOf('begins', 'ada', said())]);
    await store.campaigns.updateOne({ _id: 'begins' }, { $set: { conversation_states_initialized: true } });
    const done = await erase();

    expect(done.receipt.detail).toMatchObject({ status: 'complete', ended: 3 });
    expect(await placesOf(store, CANARY)).toEqual({});
  });

  it('while a page of a campaign that was paused a moment ago may still be on its way', async () => {
    await plant();
    const stopped = { status: 'paused', conversation_states_initialized: false } as const;
    await addCampaign(store, 'stopped', { ...stopped, channel: 'email', paused_at: 199_000 });
    await addCampaign(store, 'long ago', { ...stopped, channel: 'email', paused_at: 100_000 });
    for (const campaign of ['stopped', 'long ago']) {
      await addAudienceMembers(store, campaign, [{ recipient_id: 'ada', context: { note: CANARY } }]);
    }

    expect((await erase('ada', 200_000)).awaited.campaigns).toBe(1);
  });
});

describe('a backup', () => {
  it('that an erasure falls into does not call it complete: it may hold what was read before', async () => {
    await plant();
    const lines: string[] = [];
    for await (const line of backup(store)) {
      if (lines.length > 0 && line.includes('"collection":"responses"') && !lines.at(-1)?.includes('"responses"')) {
        expect((await erase()).receipt.detail.status).toBe('complete');
      }
      lines.push(line);
    }

    expect(lines.filter((line) => line.includes('I am kanarie'))).not.toEqual([]);
    expect(lines.filter((line) => line.includes('recipient.erase'))).toEqual([]);
    expect(await listReceipts(store, '', 10)).toHaveLength(1);
  });
});

describe('an export', () => {
  it('has every document in which anything of a person stands, and nothing of others', async () => {
    await plant();
    const exported: { collection: string; document: object }[] = [];
    for await (const trace of await exportRecipient(store, 'ada')) exported.push(trace);

    const byCollection: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
      [...new Set(exported.map(({ collection }) => collection))].map((name) => [
        name,
        exported.filter(({ collection }) => collection === name).map(({ document }) => JSON.stringify(document)),
      ]),
    );
    for (const [collection, documents] of Object.entries(await placesOf(store, CANARY))) {
      expect([collection, byCollection[collection]]).toEqual([collection, expect.arrayContaining([...documents])]);
    }
    expect(byCollection['escalations']).toHaveLength(1);
    expect(JSON.stringify(exported)).not.toContain('bob');
  });

  it('is refused for somebody of whom nothing is stored', async () => {
    await expect(exportRecipient(store, 'nobody')).rejects.toThrow("There is no recipient 'nobody'.");
  });
});
