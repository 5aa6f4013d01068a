import type { CampaignTemplate } from '../src/schemas/index.js';
import {
  campaignProgress,
  insertSettledRows,
  listTemplates,
  loadTemplate,
  type Store,
  saveTemplate,
} from '../src/store/index.js';
import { addConversations, conversationOf, rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('templates');
  store = test.store;
});

afterAll(() => test.close());

const NOW = new Date(5000);
const template = (id: string, name = 'first'): CampaignTemplate =>
  ({ _id: id, name, type: 'sales', stages: { b: { name: '{{company.name}}' }, a: { 'dotted.key': 1 } } }) as never;

describe('a template', () => {
  it('gets a version of its own for every change, and none for the same document', async () => {
    expect(await saveTemplate(store, template('t'), NOW)).toMatchObject({
      created: true,
      document: { _id: 't/1', version: 1 },
    });
    expect(await saveTemplate(store, template('t'), NOW)).toMatchObject({ created: false, document: { version: 1 } });
    expect(await saveTemplate(store, template('t', 'second'), NOW)).toMatchObject({
      created: true,
      document: { version: 2 },
    });
    expect(await saveTemplate(store, template('t'), NOW)).toMatchObject({ created: true, document: { version: 3 } });

    expect((await loadTemplate(store, 't'))?.version).toBe(3);
    expect((await loadTemplate(store, 't', 2))?.template.name).toBe('second');
    expect(await loadTemplate(store, 't', 4)).toBeNull();
    expect(await loadTemplate(store, 'none')).toBeNull();
  });

  it('keeps the order of its stages', async () => {
    await saveTemplate(store, template('order'), NOW);
    expect(Object.keys((await loadTemplate(store, 'order'))?.template.stages ?? {})).toEqual(['b', 'a']);
  });

  it('that many save at once gets gapless versions, and equal ones a single version', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => saveTemplate(store, template('many', `name ${i}`), NOW)));
    const versions = await store.templates.find({ template_id: 'many' }).sort({ version: 1 }).lean();
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(new Set(versions.map(({ template: { name } }) => name)).size).toBe(12);

    const same = await Promise.all(Array.from({ length: 12 }, () => saveTemplate(store, template('same'), NOW)));
    expect(same.filter(({ created }) => created)).toHaveLength(1);
  });

  it('is listed in its latest version, page by page', async () => {
    await saveTemplate(store, template('z1'), NOW);
    await saveTemplate(store, template('z1', 'newer'), NOW);
    await saveTemplate(store, template('z2'), NOW);

    expect((await listTemplates(store, 'y', 10)).map(({ _id }) => _id)).toEqual(['z1/2', 'z2/1']);
    expect((await listTemplates(store, 'z1', 10)).map(({ _id }) => _id)).toEqual(['z2/1']);
    expect(await listTemplates(store, 'y', 1)).toHaveLength(1);
  });
});

it('progress counts every document of the campaign once, and none of its neighbours', async () => {
  await addConversations(store, [
    conversationOf('p', 'a'),
    conversationOf('p', 'b', { current_stage: 'offer' }),
    conversationOf('p', 'd', { status: 'blocked' }),
    conversationOf('p', 'e', { status: 'completed', result: 'success' }),
    conversationOf('p', 'f', { status: 'completed', result: 'success', current_stage: 'offer' }),
    conversationOf('p', 'g', { status: 'completed', result: 'failed' }),
    conversationOf('p-2', 'a'),
    conversationOf('p.2', 'a'),
  ]);
  await insertSettledRows(store, [
    rowOf('p/a/hello/1/0/0', { status: 'sent' }),
    rowOf('p/a/hello/1/0/1', { status: 'sent' }),
    rowOf('p/a/hello/1/0/2', { status: 'unknown' }),
    rowOf('p/b/hello/1/0/0', { status: 'retry' }),
    rowOf('p-2/b/hello/1/0/0', { status: 'sent' }),
  ]);
  const response = (_id: string, campaign_id: string, status: string) => ({
    _id,
    campaign_id,
    conversation_id: `${campaign_id}/a`,
    status,
    received_at: 1,
  });
  await store.responses.collection.insertMany([
    response('1', 'p', 'applied'),
    response('2', 'p', 'late'),
    response('3', 'p-2', 'late'),
  ] as never);
  const escalation = (_id: string, status: string) => ({
    _id,
    campaign_id: 'p',
    conversation_id: 'p/a',
    status,
    opened_at: 1,
    notified_at: 1,
  });
  await store.escalations.collection.insertMany([
    escalation('p/a/hello/1', 'open'),
    escalation('p/a/hello/2', 'resolved'),
  ] as never);

  expect(await campaignProgress(store, 'p', NOW)).toEqual({
    conversations: 6,
    by_status: { active: 2, blocked: 1, completed: 3 },
    by_result: { success: 2, failed: 1 },
    by_stage: { hello: 2, offer: 1 },
    messages: { by_status: { sent: 2, unknown: 1, retry: 1 }, follow_ups: 2 },
    responses: { applied: 1, late: 1 },
    escalations_open: 1,
    computed_at: NOW,
  });
  expect(await campaignProgress(store, 'none', NOW)).toMatchObject({
    conversations: 0,
    by_status: {},
    escalations_open: 0,
  });
});
