import type { Effect } from '../src/engine/index.js';
import type {
  ConversationDocument,
  EscalationDocument,
  MessageDocument,
  ResponseDocument,
  RowStatus,
} from '../src/models/index.js';
import {
  adoptBatch,
  audiencePage,
  campaignProgress,
  cancelRetries,
  countBlockedConversations,
  countCampaigns,
  countDue,
  countUnknownMessages,
  dueRetries,
  eraseRecipient,
  expiredBatches,
  expiredLeases,
  exportRecipient,
  findByReplyId,
  findCampaigns,
  findDue,
  forgetExpiredImports,
  gate,
  hasOpenRows,
  inOpenBatches,
  listConversations,
  listMessages,
  listReceipts,
  listTemplates,
  listUnsent,
  liveCampaigns,
  loadChannels,
  loadTemplate,
  loadTimeline,
  makeDue,
  oldestDueMs,
  openConversationIds,
  openConversations,
  openEscalations,
  optOutOfConversation,
  optOutOfMessage,
  pauseIfActive,
  reconcileResponse,
  replyIdOf,
  resolveEscalations,
  type Store,
  saveTemplate,
  strandedResponses,
  strayCampaigns,
  suppressionsPage,
  unnotifiedEscalations,
  unrecordedEffects,
  untimedConversations,
  untoldOutcomes,
  waitingInInbox,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

const SIZE = 3000;
const many = <T>(make: (i: number) => T): T[] => Array.from({ length: SIZE }, (_, i) => make(i));
const padded = (i: number) => String(i).padStart(5, '0');

beforeAll(async () => {
  test = await openTestStore('indexes');
  store = test.store;
  await seed();
  await store.connection.db?.setProfilingLevel('all');
}, 60_000);

afterAll(async () => {
  await store.connection.db?.setProfilingLevel('off');
  await test.close();
});

/** Two campaigns of one size; the few documents that a query is for come last. */
async function seed(): Promise<void> {
  for (let i = 0; i < 300; i += 1) await addCampaign(store, `ended${i}`, { status: 'completed', ended_at: 1 });
  await addCampaign(store, 'c');
  await addCampaign(store, 'other', { status: 'paused' });
  const stateOf = (i: number): Partial<ConversationDocument> => {
    if (i < 1000) return { status: 'completed', next_action_at: 9e15 };
    return {
      reply_id: replyIdOf(`c/${padded(i)}`),
      next_action_at: i < 2500 ? 5000 : i * 1000,
      ...(i > 2990 && { status: 'blocked' }),
    };
  };
  const statusOf = (i: number): RowStatus =>
    i < 2900 ? 'sent' : i < 2950 ? 'retry' : i < 2990 ? 'sending' : 'unknown';
  for (const campaign of ['c', 'other']) {
    await addConversations(
      store,
      many((i) => conversationOf(campaign, padded(i), stateOf(i))),
    );
    const rows = many((i): MessageDocument => {
      const status = campaign === 'other' ? 'retry' : statusOf(i);
      const { due_at: _due, ...row } = rowOf(`${campaign}/${padded(i)}/hello/1/0/0`, { status });
      if (status === 'unknown') return { ...row, settled_at: i, tell: true };
      return status === 'sending' || status === 'retry' ? { ...row, due_at: i } : row;
    });
    await store.messages.collection.insertMany(rows as never);
    await store.audienceMembers.collection.insertMany(
      many((i) => ({
        _id: `${campaign}/${padded(i)}`,
        campaign_id: campaign,
        recipient_id: padded(i),
        context: {},
      })) as never,
    );
  }
  const response = (i: number): ResponseDocument => ({
    _id: `response${i}`,
    campaign_id: 'c',
    conversation_id: `c/${padded(i)}`,
    received_at: i,
    status: i < 2980 ? 'applied' : 'queued',
  });
  await store.responses.collection.insertMany(many(response) as never);
  const escalation = (i: number): EscalationDocument => ({
    _id: `c/${padded(i)}/hello/1`,
    campaign_id: 'c',
    conversation_id: `c/${padded(i)}`,
    stage: 'hello',
    action: 'notify_manager',
    status: i < 2900 ? 'resolved' : 'open',
    opened_at: i,
    notified_at: i < 2980 ? i : null,
    resolved_at: null,
  });
  await store.escalations.collection.insertMany(many(escalation) as never);
  await store.openBatches.collection.insertMany(
    many((i) => ({
      _id: `b${i}`,
      campaign_id: 'c',
      conversation_ids: [`c/${padded(i)}`],
      lease_until: i * 10,
    })) as never,
  );
  await store.suppressions.collection.insertMany(
    many((i) => ({
      _id: `${i < 1500 ? 'email' : 'webhook'}:${padded(i)}`,
      reason: 'manual',
      created_at: new Date(0),
    })) as never,
  );
  const event = (i: number) => ({
    _id: `c/${padded(i % 30)}/${i}/0`,
    conversation_id: `c/${padded(i % 30)}`,
    v: i,
    n: 0,
  });
  await store.conversationEvents.collection.insertMany(many(event) as never);
  await store.auditLog.collection.insertMany(
    many((i) => ({ _id: `a${i}`, at: new Date(i), by: 'b', action: 'message.confirm', target: `t${i}` })) as never,
  );
  for (let i = 0; i < 40; i += 1)
    await saveTemplate(store, { _id: `t${i % 4}`, name: `${i}`, type: 't', stages: {} }, new Date(0));
}

interface Profile {
  readonly ns: string;
  readonly planSummary?: string;
  readonly keysExamined?: number;
  readonly docsExamined?: number;
  readonly hasSortStage?: boolean;
}

/** What the server says of the commands that an operation runs. */
async function profileOf(operation: () => Promise<unknown>): Promise<Profile[]> {
  const profile = store.connection.collection<Profile & { readonly ts: Date; readonly command: object }>(
    'system.profile',
  );
  const before = await profile.countDocuments({});
  await operation();
  const found = await profile.find({}).skip(before).toArray();
  return found.filter(({ ns, planSummary }) => !ns.endsWith('system.profile') && planSummary !== undefined);
}

const OPT_OUT = { reason: 'stop', at: 1 } as const;

const lookup: readonly [name: string, maxKeys: number, operation: () => Promise<unknown>][] = [
  ['findDue', 110, () => findDue(store, 'c', 6000, 100)],
  [
    'findDue, deep in many that are due at once',
    110,
    () => findDue(store, 'c', 1e9, 100, { _id: 'c/02400', next_action_at: 5000 }),
  ],
  ['findDue, nothing due', 5, () => findDue(store, 'c', 4000, 100)],
  ['openConversationIds', 110, () => openConversationIds(store, 'c', 100)],
  ['liveCampaigns', 20, () => liveCampaigns(store)],
  ['expiredLeases', 110, () => expiredLeases(store, 1e9, 100)],
  ['expiredLeases, none expired among many that wait', 5, () => expiredLeases(store, 2000, 100)],
  ['untoldOutcomes', 60, () => untoldOutcomes(store, 1e9, 50)],
  ['untoldOutcomes, none that old', 5, () => untoldOutcomes(store, 5, 50)],
  ['dueRetries', 60, () => dueRetries(store, 'c', 1e9, 100)],
  ['hasOpenRows', 5, () => hasOpenRows(store, 'c')],
  ['hasOpenRows, none', 5, () => hasOpenRows(store, 'ended1')],
  ['expiredBatches', 110, () => expiredBatches(store, 1e9, 100)],
  ['strandedResponses', 110, () => strandedResponses(store, 'queued', 1e9, 100)],
  ['strandedResponses, none received', 5, () => strandedResponses(store, 'received', 1e9, 100)],
  [
    'strandedResponses, the next page',
    15,
    () => strandedResponses(store, 'queued', 1e9, 100, { _id: 'response2989', received_at: 2989 }),
  ],
  ['waitingInInbox', 5, () => waitingInInbox(store, [{ conversation_id: 'c/00007' } as ResponseDocument])],
  ['untimedConversations, none', 5, () => untimedConversations(store, 'c', 100)],
  ['makeDue', 5, () => makeDue(store, 'c/00007')],
  ['strayCampaigns, none', 10, () => strayCampaigns(store, ['c', 'other'], 10)],
  ['strayCampaigns, all', 10, () => strayCampaigns(store, [], 10)],
  ['openConversations', 110, () => openConversations(store, 100)],
  [
    'openConversations, deep in many that are due at once',
    110,
    () => openConversations(store, 100, { ...conversationOf('c', '02400'), next_action_at: 5000 }),
  ],
  ['unrecordedEffects', 5, () => unrecordedEffects(store, [{ kind: 'message', key: 'c/00001/hello/1/0/0' } as Effect])],
  ['forgetExpiredImports, none among many', 5, () => forgetExpiredImports(store, 1000, 100)],
  ['inOpenBatches, of all there are', 3100, () => inOpenBatches(store, ['c/00007'])],
  ['findCampaigns', 5, () => findCampaigns(store, ['c', 'none'])],
  [
    'reconcileResponse',
    60,
    () =>
      reconcileResponse(store, {
        _id: 'response7',
        campaign_id: 'none',
        conversation_id: 'c/00007',
        received_at: 7,
        status: 'queued',
      }),
  ],
  [
    'gate',
    25,
    () =>
      gate(
        store,
        'email',
        { _id: 'c', revision: 1 },
        [1, 2, 3, 4, 5].map((i) => ({
          key: `c/${padded(i)}/hello/1/0/0`,
          conversationId: `c/${padded(i)}`,
          suppressionId: `email:${padded(i)}`,
          recipientId: padded(i),
        })),
        () => 1,
      ),
  ],
  ['findByReplyId', 5, () => findByReplyId(store, replyIdOf('c/02000'))],
  ['findByReplyId, unknown', 5, () => findByReplyId(store, 'a'.repeat(16))],
  ['unnotifiedEscalations', 30, () => unnotifiedEscalations(store, 1e9, 100)],
  ['resolveEscalations', 10, () => resolveEscalations(store, 'c/02950', null, 1)],
  ['adoptBatch', 20, () => adoptBatch(store, 'b1', 1e9, { id: 'bx', leaseUntil: 1e9 })],
  ['audiencePage', 110, () => audiencePage(store, 'c', 'c/01000', 100)],
  ['listConversations', 110, () => listConversations(store, 'c', {}, 'c/00500', 100)],
  [
    'listConversations, the few that are blocked',
    30,
    () => listConversations(store, 'c', { status: 'blocked' }, '', 100),
  ],
  ['listConversations, of a stage', 110, () => listConversations(store, 'c', { stage: 'hello' }, 'c/00500', 100)],
  ['listMessages of a campaign', 110, () => listMessages(store, { campaignId: 'c' }, undefined, 'c/01000', 100)],
  ['listMessages of a conversation', 5, () => listMessages(store, { conversationId: 'c/01000' }, undefined, '', 100)],
  ['listMessages, the few that are unknown', 30, () => listMessages(store, { campaignId: 'c' }, 'unknown', '', 100)],
  ['listUnsent, of all campaigns', 30, () => listUnsent(store, 'unknown', '', 100)],
  ['listUnsent, none that failed', 5, () => listUnsent(store, 'failed', '', 100)],
  ['listMessages, none that failed', 5, () => listMessages(store, { campaignId: 'c' }, 'failed', '', 100)],
  ['optOutOfMessage', 10, () => optOutOfMessage(store, 'c/00007/hello/1/0/0', OPT_OUT)],
  ['optOutOfConversation', 10, () => optOutOfConversation(store, 'c/00008', { ...OPT_OUT, source: 'r' })],
  ['suppressionsPage', 110, () => suppressionsPage(store, 'email', 'email:00500', 100)],
  ['loadChannels', 8, () => loadChannels(store)],
  ['pauseIfActive', 5, () => pauseIfActive(store, 'log', { by: 'tests', now: 1 })],
  ['loadTimeline', 110, async () => loadTimeline(store, conversationOf('c', '00003'))],
  ['loadTemplate, the latest', 5, () => loadTemplate(store, 't2')],
  ['loadTemplate, one version', 5, () => loadTemplate(store, 't2', 3)],
  ['listTemplates', 50, () => listTemplates(store, '', 10)],
  ['campaignProgress', 20_000, () => campaignProgress(store, 'c', new Date(0))],
  ['countCampaigns', 310, () => countCampaigns(store)],
  ['openEscalations', 110, () => openEscalations(store)],
  ['countUnknownMessages', 30, () => countUnknownMessages(store)],
  ['countBlockedConversations, of two campaigns among 300 that are over', 30, () => countBlockedConversations(store)],
  ['oldestDueMs', 10, () => oldestDueMs(store, 1e9)],
  ['countDue, no further than its limit', 110, () => countDue(store, 1e9, 100)],
  [
    'exportRecipient, in 302 campaigns',
    700,
    async () => {
      for await (const _ of await exportRecipient(store, '01000'));
    },
  ],
  ['listReceipts, among other entries', 5, () => listReceipts(store, '', 10)],
  [
    'eraseRecipient, in 302 campaigns, beside 3,000 open batches',
    3100,
    () => eraseRecipient(store, '02950', { by: 'tests', now: () => 1 }),
  ],
  ['cancelRetries', 250, () => cancelRetries(store, 'c', 1)],
];

it.each(lookup)('%s uses an index and looks at %i keys at most', async (_, maxKeys, operation) => {
  const profiles = await profileOf(operation);

  expect(profiles).not.toEqual([]);
  expect(profiles.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'))).toEqual([]);
  expect(
    profiles.filter(({ hasSortStage, planSummary }) => hasSortStage && !planSummary?.includes('DISTINCT')),
  ).toEqual([]);
  const examined = profiles.map(({ keysExamined = 0, docsExamined = 0 }) => Math.max(keysExamined, docsExamined));
  expect(Math.max(...examined)).toBeLessThanOrEqual(maxKeys);
});
