import { template } from './support/documents.js';
import { createTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_templates');
});
afterAll(() => api.stop());

describe('POST /v1/templates', () => {
  it('stores a template once, and a changed one as the next version', async () => {
    const first = await api.post('/v1/templates', template);
    const same = await api.post('/v1/templates', template);
    const changed = await api.post('/v1/templates', { ...template, name: 'Trial, renamed' });

    expect([first.status, first.body]).toEqual([201, { template_id: template._id, version: 1, warnings: [] }]);
    expect([same.status, same.body['version']]).toEqual([200, 1]);
    expect([changed.status, changed.body['version']]).toEqual([201, 2]);
    expect(await api.store.auditLog.find({ action: 'template.save' }).distinct('target')).toEqual([
      `${template._id}/1`,
      `${template._id}/2`,
    ]);
  });

  it('gives warnings with a template that is accepted', async () => {
    const { welcome } = template.stages;
    const { max_stage_duration_hours: _max, ...rules } = welcome.progression_rules;
    const stages = { welcome: { ...welcome, progression_rules: rules } };
    const { status, body } = await api.post('/v1/templates', { ...template, _id: 'no_maximum', stages });

    expect(status).toBe(201);
    expect(body['warnings']).toEqual([expect.objectContaining({ path: expect.stringContaining('$.stages.welcome') })]);
  });

  it('warns of what is allowed and can never happen', async () => {
    const { welcome } = template.stages;
    const stages = { ...template.stages, welcome: { ...welcome, progression_rules: { next_stage: null } } };
    const { status, body } = await api.post('/v1/templates', { ...template, _id: 'short_cut', stages });

    expect(status).toBe(201);
    expect(body['warnings']).toContainEqual(expect.objectContaining({ path: '$.stages.offer' }));
  });

  const YAML = { 'content-type': 'application/yaml' };

  it('takes YAML as well', async () => {
    const text = '_id: from_yaml\nname: From YAML\ntype: sales\nstages:\n  hello:\n    messages: [{ template: Hi }]\n';
    const { status, body } = await api.post('/v1/templates', text, YAML);

    expect([status, body['template_id'], body['version']]).toEqual([201, 'from_yaml', 1]);
  });

  it.each([
    ['YAML', '_id: t\nname: T\ntype: 5\nstages:\n  a: { mesages: [], messages: [] }\n', YAML, '5:8'],
    [
      'JSON',
      '{"_id": "t", "name": "T",\n "type":\n5, "stages":\n {"a": {\n     "mesages": [], "messages": []}}}',
      {},
      '5:6',
    ],
  ])('tells line and column of every fault in %s', async (_language, text, headers, unknownField) => {
    const { status, body } = await api.post('/v1/templates', text, { 'content-type': 'application/json', ...headers });

    expect(status).toBe(422);
    const faults = body['faults'] as readonly { path: string; line: number; column: number }[];
    expect(faults.map(({ path, line }) => `${path} ${line}`)).toEqual(['$.type 3', '$.stages.a.mesages 5']);
    expect(faults.map(({ line, column }) => `${line}:${column}`)).toContain(unknownField);
  });

  it('says where YAML cannot be read', async () => {
    const { status, body } = await api.post('/v1/templates', 'a: 1\na: 2\n', YAML);

    expect([status, body['code']]).toEqual([400, 'invalid_yaml']);
    expect(body['faults']).toEqual([expect.objectContaining({ line: 2, column: 1 })]);
  });

  it('names every fault with its path, and stores nothing', async () => {
    const broken = structuredClone(template) as Record<string, unknown> & typeof template;
    broken._id = 'broken';
    Object.assign(broken.stages.welcome, { mesages: [] });
    Object.assign(broken.stages.offer.messages[0] ?? {}, { template: 'Hi {{> partial}}' });
    broken.default_initial_stage = 'nowhere';
    const schema = await api.post('/v1/templates', broken);
    Object.assign(broken.stages.welcome, { mesages: undefined });
    const rules = await api.post('/v1/templates', broken);

    expect([schema.status, schema.headers['content-type']]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect(schema.body['faults']).toEqual([
      expect.objectContaining({ path: '$.stages.welcome.mesages', hint: 'did you mean `messages`?' }),
    ]);
    expect((rules.body['faults'] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      '$.default_initial_stage',
      '$.stages.offer.messages[0].template',
    ]);
    expect((await api.get('/v1/templates/broken')).status).toBe(404);
  });

  it('refuses an escalation to somebody that is not configured', async () => {
    const { welcome } = template.stages;
    const progression_rules = {
      ...welcome.progression_rules,
      escalation_after_hours: 1,
      escalation_action: 'the_king',
    };
    const stages = { welcome: { ...welcome, progression_rules } };
    const { status, body } = await api.post('/v1/templates', { ...template, _id: 'escalating', stages });

    expect(status).toBe(422);
    expect(body['faults']).toEqual([
      expect.objectContaining({ path: '$.stages.welcome.progression_rules.escalation_action' }),
    ]);
  });

  it('names hostile keys where they stand', async () => {
    const text = JSON.stringify(template).replace('"type":"sales"', '"type":"sales","__proto__":{"polluted":true}');
    const { status, body } = await api.post('/v1/templates', text);

    expect(status).toBe(422);
    expect(body['faults']).toEqual([expect.objectContaining({ path: '$.__proto__' })]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('GET /v1/templates', () => {
  beforeAll(async () => {
    await api.post('/v1/templates', { ...template, _id: 'listed_a' });
    await api.post('/v1/templates', { ...template, _id: 'listed_b' });
    await api.post('/v1/templates', { ...template, _id: 'listed_b', name: 'Newer' });
  });

  it('lists the latest version of each, page by page', async () => {
    const ids: unknown[] = [];
    let url: string | null = '/v1/templates?limit=1';
    while (url !== null) {
      const { body }: Awaited<ReturnType<TestApi['get']>> = await api.get(url);
      const items = body['items'] as { template_id: string; version: number }[];
      ids.push(...items.map(({ template_id, version }) => `${template_id}/${version}`));
      url = body['next'] === null ? null : `/v1/templates?limit=1&after=${body['next']}`;
    }

    expect(ids).toEqual(expect.arrayContaining(['listed_a/1', 'listed_b/2']));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives the latest version, or the one asked for, exactly as it was posted', async () => {
    const latest = await api.get('/v1/templates/listed_b');
    const first = await api.get('/v1/templates/listed_b?version=1');

    expect(latest.body).toMatchObject({ version: 2, template: { name: 'Newer' } });
    expect(first.body).toMatchObject({ version: 1, template: { ...template, _id: 'listed_b' } });
    expect(Object.keys((first.body['template'] as typeof template).stages)).toEqual(['welcome', 'offer']);
  });

  it.each([
    ['/v1/templates/nobody', 404, 'not_found', "There is no template 'nobody'."],
    ['/v1/templates/listed_a?version=7', 404, 'not_found', "There is no template 'listed_a/7'."],
    ['/v1/templates/listed_a?version=one', 400, 'invalid_request', 'The query is not valid.'],
    ['/v1/templates/listed_a?verison=1', 400, 'invalid_request', 'The query is not valid.'],
    ['/v1/templates/%24where', 400, 'invalid_request', 'The path is not valid.'],
    ['/v1/templates?limit=0', 400, 'invalid_request', 'The query is not valid.'],
    ['/v1/templates?limit=1&limit=2', 400, 'invalid_request', 'The query is not valid.'],
  ])('answers %s with %i', async (url, status, code, detail) => {
    expect((await api.get(url)).body).toMatchObject({ status, code, detail });
  });
});
