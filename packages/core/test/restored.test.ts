import type { CampaignDocument, ResponseDocument } from '../src/models/index.js';
import {
  type BackupError,
  backup,
  ConflictError,
  endRestore,
  installedSchema,
  loadBackup,
  loadConversation,
  markRestored,
  migrate,
  noteRestore,
  reconcileResponse,
  SCHEMA_VERSION,
  type Store,
  schemaFault,
} from '../src/store/index.js';
import { addCampaign, addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let from: TestStore;
let into: TestStore;
let lost: Store;
let restored: Store;

beforeEach(async () => {
  [from, into] = await Promise.all([openTestStore('backed_up'), openTestStore('restored')]);
  lost = from.store;
  restored = into.store;
});
afterEach(() => Promise.all([from.close(), into.close()]));

const gap = { takenAt: 100_000, until: 200_000, marginMs: 1000 };
const reply = (id: string, recipient: string, more: Partial<ResponseDocument> = {}): ResponseDocument => ({
  _id: id,
  campaign_id: 'c',
  conversation_id: `c/${recipient}`,
  status: 'applied',
  received_at: gap.takenAt + 1,
  text: 'Yes',
  ...more,
});

/** Backs up, and does something when the first document of a collection has been read. */
async function* meanwhile(collection: string, happens: () => Promise<unknown>): AsyncGenerator<string> {
  let happened = false;
  for await (const line of backup(lost)) {
    yield line;
    if (happened || !line.includes(`"collection":"${collection}"`)) continue;
    happened = true;
    await happens();
  }
}

const idsOf = async (model: Store['messages'] | Store['conversations'] | Store['audienceMembers']) =>
  (await model.collection.find({}).toArray()).map(({ _id }) => String(_id)).sort();

describe('a backup that is taken while the system works', () => {
  it('has no reply as applied whose conversation never saw it', async () => {
    await addCampaign(lost, 'c');
    await addConversations(lost, [conversationOf('c', 'ann'), conversationOf('c', 'bob')]);
    const reads = meanwhile('conversation_states', () =>
      lost.responses.collection.insertOne(reply('r', 'ann') as never),
    );
    await loadBackup(restored, reads);

    expect(await restored.responses.countDocuments({ status: 'applied' })).toBe(0);
  });

  it('has every template and recipient that is named by what it has', async () => {
    await addCampaign(lost, 'c');
    const reads = meanwhile('campaigns', async () => {
      await lost.audienceMembers.collection.insertOne({
        _id: 'c/late',
        campaign_id: 'c',
        recipient_id: 'late',
      } as never);
      await lost.recipients.collection.insertOne({ _id: 'late' } as never);
    });
    await loadBackup(restored, reads);

    expect(await idsOf(restored.audienceMembers)).toEqual(['c/late']);
    expect(await restored.recipients.countDocuments({ _id: 'late' })).toBe(1);
  });

  it('leaves nothing of a campaign that was created meanwhile, but for what it sent', async () => {
    await addCampaign(lost, 'c');
    await addConversations(lost, [conversationOf('c', 'ann')]);
    const reads = meanwhile('campaigns', async () => {
      await addConversations(lost, [conversationOf('later', 'ann'), conversationOf('c0', 'ann')]);
      const row = rowOf('later/ann/hello/1/0/0', { status: 'sent', tell: true, settled_at: 1 });
      await lost.messages.collection.insertOne(row as never);
    });
    await loadBackup(restored, reads);

    expect((await markRestored(restored, gap)).dropped).toEqual(['c0', 'later']);
    expect(await idsOf(restored.conversations)).toEqual(['c/ann']);
    expect(await idsOf(restored.messages)).toEqual(['later/ann/hello/1/0/0']);
    expect(await restored.messages.countDocuments({ tell: true })).toBe(0); // else it would be told of for ever
  });
});

describe('a restored database', () => {
  it('has the replies of the time of the backup routed again; a conversation that has them takes none twice', async () => {
    await addCampaign(restored, 'c');
    await addConversations(restored, [
      conversationOf('c', 'ann'),
      conversationOf('c', 'bob', { applied_event_ids: ['known'] }),
    ]);
    const old = reply('old', 'ann', { received_at: gap.takenAt - gap.marginMs - 1 });
    const erased = reply('erased', 'ann', { status: 'late', reason: 'erased' });
    await restored.responses.collection.insertMany([
      reply('new', 'ann'),
      reply('known', 'bob'),
      reply('missed', 'cleo', { status: 'unmatched', reason: 'no_conversation' }),
      old,
      erased,
    ] as never);

    expect((await markRestored(restored, gap)).replies).toBe(3);
    const received = await restored.responses.find({ status: 'received' }).lean();
    expect(received.map(({ _id, reason }) => [_id, reason]).sort()).toEqual(
      [['known'], ['missed'], ['new']].map(([id]) => [id, undefined]),
    );
    for (const one of received) await reconcileResponse(restored, one as never);
    expect((await loadConversation(restored, 'c/ann')).inbox.map(({ id }) => id)).toEqual(['new']);
    expect((await loadConversation(restored, 'c/bob')).inbox).toEqual([]);
    expect(await restored.responses.findById('known').lean()).toMatchObject({ status: 'applied' });
    expect(await restored.responses.findById('missed').lean()).toMatchObject({ status: 'unmatched' });
  });

  it('starts no campaign by itself, also none whose start lies ahead', async () => {
    const start = (start_at: number): Partial<CampaignDocument> => ({
      status: 'scheduled',
      started_at: null,
      start_at,
    });
    await addCampaign(restored, 'ahead', start(gap.until + 1));
    await addCampaign(restored, 'in_the_gap', start(gap.takenAt + 5));

    expect((await markRestored(restored, gap)).held).toEqual([
      { _id: 'ahead', status: 'scheduled', held_as: 'draft', in_doubt: 0 },
      { _id: 'in_the_gap', status: 'scheduled', held_as: 'paused', in_doubt: 0 },
    ]);
    expect(await restored.campaigns.findById('ahead').lean()).toMatchObject({
      status: 'draft',
      start_at: gap.until + 1,
      template_version: null,
    });
    expect(await restored.campaigns.findById('in_the_gap').lean()).toMatchObject({
      status: 'paused',
      restored_at: gap.until,
    });
  });

  it('is in doubt for no shorter a time where it was restored before', async () => {
    await addCampaign(restored, 'c', { status: 'paused', paused_at: 50_000, doubt_until: 900_000 });
    await markRestored(restored, gap);
    expect(await restored.campaigns.findById('c').lean()).toMatchObject({ doubt_until: 900_000 });
  });

  it('waits for no batch of a worker that is gone', async () => {
    const batch = { _id: 'b', campaign_id: 'c', conversation_ids: ['c/ann'], lease_until: 1 };
    await restored.openBatches.collection.insertOne(batch as never);
    await markRestored(restored, gap);
    expect(await restored.openBatches.countDocuments({})).toBe(0);
  });
});

describe('a restore that was begun', () => {
  it('is opened by no migration, and by no app, before its end', async () => {
    await noteRestore(restored, 'filled');
    const fault = schemaFault(await installedSchema(restored));
    expect(fault).toEqual(expect.stringMatching(/^A restore was begun and has not ended/));
    await expect(migrate(restored)).rejects.toThrow(ConflictError);
    await endRestore(restored);
    expect(schemaFault(await installedSchema(restored))).toBeNull();
    expect(await migrate(restored)).toMatchObject({ from: SCHEMA_VERSION, to: SCHEMA_VERSION });
  });

  it('is begun by the first line of a backup that is cut off', async () => {
    await addCampaign(lost, 'c');
    async function* cut() {
      let lines = 0;
      for await (const line of backup(lost)) if (++lines <= 2) yield line;
    }
    await expect(loadBackup(restored, cut())).rejects.toThrow('It was cut off');
    await expect(migrate(restored)).rejects.toThrow('A restore was begun');
  });

  it('is refused for a backup that needs a later version, before anything is written', async () => {
    await lost.installation.updateOne({ _id: 'schema' }, { version: 9, compatible_from: 8 });
    const refusal = await loadBackup(restored, backup(lost)).catch((error: BackupError) => error.message);
    expect(refusal).toBe(`It is of schema 9, which needs schema 8 or later; this version knows ${SCHEMA_VERSION}.`);
    expect(schemaFault(await installedSchema(restored))).toBeNull();
  });
});
