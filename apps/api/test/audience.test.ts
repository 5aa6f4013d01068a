import { openImport } from '@campaign-manager/core/store';
import { draft, recipients, template } from './support/documents.js';
import { createTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_audience');
  await api.post('/v1/templates', template);
  await api.post('/v1/recipients', recipients);
  for (const id of ['list', 'stream', 'frozen', 'busy']) await api.post('/v1/campaigns', draft(id, { recipients: [] }));
});
afterAll(() => api.stop());

const NDJSON = { 'content-type': 'application/x-ndjson' };
const audience = async (id: string) => (await api.get(`/v1/campaigns/${id}/audience`)).body['items'];

describe('POST /v1/campaigns/:id/audience', () => {
  it('adds a JSON list with contexts of their own, expanded', async () => {
    const members = [{ recipient_id: 'user_1', context: { 'ticket.id': '4711' } }, { recipient_id: 'user_2' }];
    const { status, body } = await api.post('/v1/campaigns/list/audience', members);

    expect([status, body]).toEqual([200, { accepted: 2, refused: 0, faults: [] }]);
    expect(await audience('list')).toEqual([
      { recipient_id: 'user_1', context: { ticket: { id: '4711' } } },
      { recipient_id: 'user_2', context: {} },
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ['unknown recipients', [{ recipient_id: 'user_3' }, { recipient_id: 'ghost' }], ['$[1].recipient_id']],
    ['a recipient twice', [{ recipient_id: 'user_3' }, { recipient_id: 'user_3' }], ['$[1].recipient_id']],
    ['contexts that collide', [{ recipient_id: 'user_3', context: { a: 1, 'a.b': 2 } }], ["$[0].context['a.b']"]],
    ['reserved names', [{ recipient_id: 'user_3', context: { response: 1 } }], ['$[0].context.response']],
    ['what is no list', { recipient_id: 'user_3' }, ['$']],
  ])('names %s, and adds nobody', async (_, body, paths) => {
    const answer = await api.post('/v1/campaigns/list/audience', body);

    expect(answer.status).toBe(422);
    expect((answer.body['faults'] as { path: string }[]).map(({ path }) => path)).toEqual(paths);
    expect(await audience('list')).toHaveLength(2);
  });

  it('adds a stream line by line, and refuses unknown recipients by name', async () => {
    const lines = [
      { recipient_id: 'user_1', context: { seats: 1 } },
      { recipient_id: 'ghost' },
      { recipient_id: 'user_2', context: { 'a.b': 1, 'a.b.c': 1 } },
      { recipient_id: 'user_1', context: { seats: 2 } },
    ].map((line) => JSON.stringify(line));
    lines[2] = lines[2]?.replace('"a.b.c"', '"__proto__"') ?? '';
    const { status, body } = await api.post('/v1/campaigns/stream/audience', lines.join('\n'), NDJSON);

    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 2, refused: 2 });
    expect(body['faults']).toEqual([
      expect.objectContaining({ line: 3, path: '$.context.__proto__' }),
      expect.objectContaining({ line: 2, path: '$.recipient_id', found: 'ghost' }),
    ]);
    expect(await audience('stream')).toEqual([{ recipient_id: 'user_1', context: { seats: 2 } }]);
    expect(await api.store.campaigns.findById('stream').lean()).toMatchObject({ open_imports: [] });
  });

  it('refuses both for a campaign that was launched', async () => {
    await api.post('/v1/campaigns/frozen/audience', [{ recipient_id: 'user_1' }]);
    expect((await api.post('/v1/campaigns/frozen/launch')).status).toBe(200);

    const list = await api.post('/v1/campaigns/frozen/audience', [{ recipient_id: 'user_2' }]);
    const stream = await api.post('/v1/campaigns/frozen/audience', '{"recipient_id":"user_2"}', NDJSON);

    expect([list.status, stream.status]).toEqual([409, 409]);
    expect(await audience('frozen')).toHaveLength(1);
  });

  it('keeps a campaign from being launched while an import is under way, until its lease runs out', async () => {
    await api.post('/v1/campaigns/busy/audience', [{ recipient_id: 'user_1' }]);
    await openImport(api.store, 'busy', api.clock.now() + 1000);

    expect((await api.post('/v1/campaigns/busy/launch')).body).toMatchObject({ status: 409, code: 'conflict' });
    api.clock.advance(1001);
    expect((await api.post('/v1/campaigns/busy/launch')).status).toBe(200);
  });
});

describe('GET /v1/campaigns/:id/audience', () => {
  it('goes on behind the last of a page', async () => {
    const first = await api.get('/v1/campaigns/list/audience?limit=1');
    const second = await api.get(
      `/v1/campaigns/list/audience?limit=1&after=${encodeURIComponent(String(first.body['next']))}`,
    );

    expect(first.body).toMatchObject({ items: [{ recipient_id: 'user_1' }], next: 'list/user_1' });
    expect(second.body).toMatchObject({ items: [{ recipient_id: 'user_2' }], next: null });
  });

  it('does not lead into the audience of another campaign', async () => {
    expect((await api.get('/v1/campaigns/stream/audience?after=list%2Fuser_1')).body).toMatchObject({
      status: 400,
      faults: [{ path: '$.after' }],
    });
  });
});
