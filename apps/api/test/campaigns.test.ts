import { campaign, draft, recipients, template } from './support/documents.js';
import { createTestApi, NOW, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_campaigns', { env: { CAMPAIGN_STAGE_DELAY_FACTOR: '0.5' } });
  await api.post('/v1/templates', template);
  await api.post('/v1/recipients', recipients);
});
afterAll(() => api.stop());

const faultPaths = (body: { readonly [member: string]: unknown }) =>
  (body['faults'] as { path: string }[]).map(({ path }) => path).sort();

/** The warning of a campaign with the dates of the guide's. */
const endPassed = {
  path: '$.schedule.end_date',
  message: expect.stringContaining('nothing will be sent'),
  found: `"${campaign.schedule.end_date}"`,
  expected: 'a date in the future',
};

describe('POST /v1/campaigns', () => {
  it("takes the guide's document, and starts it by itself", async () => {
    const { status, body } = await api.post('/v1/campaigns', campaign);

    expect(status).toBe(201);
    expect(body).toMatchObject({
      campaign: {
        _id: campaign._id,
        status: 'running',
        template_version: 1,
        delay_factor: 0.5,
        context_data: campaign.context_data,
        created_at: '2023-06-15T14:32:10.000Z',
        start_at: Date.parse('2023-07-01T09:00:00Z'),
        end_at: Date.parse('2023-09-30T23:59:59Z'),
        started_at: NOW,
        channel: 'log',
      },
      missing: [],
      warnings: [endPassed],
    });
    expect((await api.get(`/v1/campaigns/${campaign._id}`)).body).toEqual(body['campaign']);
    expect((await api.get(`/v1/campaigns/${campaign._id}/audience`)).body['items']).toHaveLength(3);
    expect(await api.jobs('campaigns')).toEqual([
      {
        id: `init-${campaign._id}-`,
        name: 'initialize',
        data: { campaign_id: campaign._id, cursor: '', trace_id: expect.any(String) },
      },
    ]);
    expect(await api.store.auditLog.find({ target: campaign._id }).distinct('action')).toEqual([
      'campaign.create',
      'campaign.launch',
    ]);
  });

  it('keeps one with a start in the future scheduled', async () => {
    const schedule = { start_date: '2026-03-02T00:00:00Z' };
    const { body } = await api.post('/v1/campaigns', { ...campaign, _id: 'later', schedule });

    expect(body['campaign']).toMatchObject({ status: 'scheduled', template_version: 1, started_at: null });
    expect((await api.jobs('campaigns')).map(({ id }) => id)).not.toContain('init-later-');
  });

  it('keeps a draft a draft, with the defaults of template and configuration', async () => {
    const { status, body } = await api.post('/v1/campaigns', {
      _id: 'plain_draft',
      name: 'Plain',
      template_id: template._id,
    });

    expect(status).toBe(201);
    expect(body['campaign']).toMatchObject({ status: 'draft', type: 'sales', channel: 'log', template_version: null });
    expect(body['campaign']).not.toHaveProperty('open_imports');
    expect(await api.store.campaigns.findById('plain_draft').lean()).toMatchObject({ open_imports: [] });
  });

  it('refuses an id that is taken, and leaves the campaign as it is', async () => {
    const before = await api.get(`/v1/campaigns/${campaign._id}`);
    const again = await api.post('/v1/campaigns', { ...campaign, name: 'Another' });

    expect(again.body).toMatchObject({ status: 409, code: 'conflict' });
    expect((await api.get(`/v1/campaigns/${campaign._id}`)).body).toEqual(before.body);
  });

  it.each<[string, object, string[]]>([
    ['an unknown template', { template_id: 'nobody' }, ['$.template_id']],
    ['an unknown stage', { initial_stage: 'nowhere' }, ['$.initial_stage']],
    ['unknown recipients', { recipients: ['user_1', 'ghost_1', 'ghost_2'] }, ['$.recipients[1]', '$.recipients[2]']],
    ['a recipient listed twice', { recipients: ['user_1', 'user_1'] }, ['$.recipients[1]']],
    [
      'keys that collide',
      { context_data: { product: 'x', 'product.title': 'y' } },
      ["$.context_data['product.title']"],
    ],
    [
      'an end before the start',
      { schedule: { start_date: '2026-01-02T00:00:00Z', end_date: '2026-01-01T00:00:00Z' } },
      ['$.schedule.end_date'],
    ],
    ['no recipients although it is scheduled', { recipients: [] }, ['$.recipients']],
    ['a misspelt field', { recipents: [] }, ['$.recipents']],
    [
      'several of these',
      { template_id: 'nobody', recipients: ['ghost_1'], context_data: { recipient: 1 } },
      ['$.context_data.recipient', '$.recipients[0]', '$.template_id'],
    ],
  ])('names %s, and stores nothing', async (_, more, paths) => {
    const { status, body } = await api.post('/v1/campaigns', { ...campaign, _id: 'refused', ...more });

    expect([status, body['code'], faultPaths(body)]).toEqual([422, 'invalid_document', paths]);
    expect((await api.get('/v1/campaigns/refused')).status).toBe(404);
    expect(await api.store.audienceMembers.countDocuments({ campaign_id: 'refused' })).toBe(0);
  });

  it('names hostile keys of a context', async () => {
    const text = JSON.stringify({ ...campaign, _id: 'refused' }).replace('"product.title"', '"__proto__.title"');
    const { status, body } = await api.post('/v1/campaigns', text);

    expect([status, faultPaths(body)]).toEqual([422, ["$.context_data['__proto__.title']"]]);
  });

  it('refuses a scheduled one whose recipients lack variables, and stores nothing', async () => {
    const { status, body } = await api.post('/v1/campaigns', { ...campaign, _id: 'refused', context_data: {} });

    expect([status, body['code']]).toEqual([422, 'missing_variables']);
    expect((await api.get('/v1/campaigns/refused')).status).toBe(404);
  });
});

describe('GET /v1/campaigns', () => {
  it('lists campaigns page by page', async () => {
    const all = (await api.get('/v1/campaigns')).body['items'] as { _id: string }[];
    const first = await api.get('/v1/campaigns?limit=1');
    const rest = await api.get(`/v1/campaigns?after=${first.body['next']}`);

    expect(all.map(({ _id }) => _id)).toEqual([...all.map(({ _id }) => _id)].sort());
    expect([...(first.body['items'] as object[]), ...(rest.body['items'] as object[])]).toEqual(all);
    expect(rest.body['next']).toBeNull();
  });

  it('says which campaign there is not', async () => {
    for (const path of ['', '/audience', '/progress', '/conversations', '/messages']) {
      const { status, body } = await api.get(`/v1/campaigns/ghost${path}`);
      expect([status, body['detail']]).toEqual([404, "There is no campaign 'ghost'."]);
    }
  });
});

describe('launching a draft', () => {
  const lacking = [
    { _id: 'lack_1', company_name: 'Example Ltd' },
    { _id: 'lack_2', company_name: 'Example Ltd' },
    { _id: 'lack_3', first_name: 'Cy', company_name: 'Example Ltd' },
  ];
  beforeAll(() => api.post('/v1/recipients', lacking));

  it('answers with counts and examples of what is missing, and changes nothing', async () => {
    const context_data = { 'product.title': 'Ledgerly' };
    await api.post('/v1/campaigns', draft('lacking', { recipients: ['lack_1', 'lack_2', 'lack_3'], context_data }));
    const before = await api.get('/v1/campaigns/lacking');
    const { status, body } = await api.post('/v1/campaigns/lacking/launch');

    expect([status, body['code']]).toEqual([422, 'missing_variables']);
    expect(body['missing']).toEqual([
      { variable: 'recipient.first_name', recipients: 2, examples: ['lack_1', 'lack_2'] },
      { variable: 'product.promise', recipients: 3, examples: ['lack_1', 'lack_2', 'lack_3'] },
    ]);
    expect((await api.get('/v1/campaigns/lacking')).body).toEqual(before.body);
  });

  it('launches with the same list where missing values may be empty', async () => {
    await api.post('/v1/campaigns', draft('empties', { recipients: ['lack_1'], missing_variables: 'empty' }));
    const { status, body } = await api.post('/v1/campaigns/empties/launch');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      campaign: { status: 'running' },
      missing: [{ variable: 'recipient.first_name', recipients: 1, examples: ['lack_1'] }],
    });
  });

  it("takes a member's own context into account", async () => {
    await api.post('/v1/campaigns', draft('own_context', { recipients: [], context_data: { 'product.title': 'L' } }));
    await api.post('/v1/campaigns/own_context/audience', [
      { recipient_id: 'user_1', context: { 'product.promise': 'ease' } },
      { recipient_id: 'user_2', context: { product: { title: 'Own' } } },
    ]);
    const { body } = await api.post('/v1/campaigns/own_context/launch');

    expect(body['missing']).toEqual([{ variable: 'product.promise', recipients: 1, examples: ['user_2'] }]);
  });

  it('looks at every page of a large audience', async () => {
    const many = Array.from({ length: 2500 }, (_, n) => ({ _id: `many_${n}`, first_name: 'M' }));
    await api.post('/v1/recipients', many);
    await api.post('/v1/campaigns', draft('many', { recipients: many.map(({ _id }) => _id) }));
    const { body } = await api.post('/v1/campaigns/many/launch');

    expect(body['missing']).toEqual([
      { variable: 'recipient.company_name', recipients: 2500, examples: expect.any(Array) },
    ]);
    expect((body['missing'] as { examples: [] }[])[0]?.examples).toHaveLength(5);
  });

  it('warns of recipients without an email where the channel is email', async () => {
    await api.post('/v1/recipients', { _id: 'no_mail', first_name: 'N', company_name: 'C' });
    await api.post('/v1/campaigns', draft('by_mail', { recipients: ['user_1', 'no_mail'], channel: 'email' }));
    const { status, body } = await api.post('/v1/campaigns/by_mail/launch');

    expect(status).toBe(200);
    expect(body['warnings']).toEqual([
      expect.objectContaining({ found: '1', message: expect.stringContaining('no_mail') }),
    ]);
  });

  it('refuses an empty audience', async () => {
    await api.post('/v1/campaigns', draft('empty', { recipients: [] }));
    const { status, body } = await api.post('/v1/campaigns/empty/launch');

    expect([status, faultPaths(body)]).toEqual([422, ['$.recipients']]);
  });

  it('warns of an end that has passed when it is posted, and refuses the launch', async () => {
    const { schedule } = campaign;
    const { status: created, body: posted } = await api.post('/v1/campaigns', draft('over', { schedule }));
    const before = await api.get('/v1/campaigns/over');
    const { status, body } = await api.post('/v1/campaigns/over/launch');

    expect([created, posted['warnings']]).toEqual([201, [endPassed]]);
    expect([status, body['code'], body['faults']]).toEqual([422, 'invalid_document', [endPassed]]);
    expect((await api.get('/v1/campaigns/over')).body).toEqual(before.body);
  });

  it('pins the latest version, and refuses one that lacks the initial stage', async () => {
    const own = { ...template, _id: 'changing' };
    const { welcome: _welcome, ...others } = own.stages;
    await api.post('/v1/templates', own);
    await api.post('/v1/campaigns', draft('pinning', { template_id: 'changing', initial_stage: 'offer' }));
    await api.post('/v1/campaigns', draft('staging', { template_id: 'changing', initial_stage: 'welcome' }));
    await api.post('/v1/templates', { ...own, stages: others, default_initial_stage: 'offer' });

    expect((await api.post('/v1/campaigns/pinning/launch')).body).toMatchObject({ campaign: { template_version: 2 } });
    const { status, body } = await api.post('/v1/campaigns/staging/launch');
    expect([status, faultPaths(body)]).toEqual([422, ['$.initial_stage']]);
  });

  it('goes through every status, each step audited with the name of the key', async () => {
    await api.post('/v1/campaigns', draft('lifecycle'));
    const step = async (name: string) => {
      const { status, body } = await api.post(`/v1/campaigns/lifecycle/${name}`);
      return [status, (body['campaign'] as { status: string } | undefined)?.status ?? body['code']];
    };

    expect(await step('pause')).toEqual([409, 'conflict']);
    expect(await step('launch')).toEqual([200, 'running']);
    expect(await step('launch')).toEqual([409, 'conflict']);
    expect(await step('pause')).toEqual([200, 'paused']);
    api.clock.advance(1000);
    expect(await step('resume')).toEqual([200, 'running']);
    expect((await api.get('/v1/campaigns/lifecycle')).body).toMatchObject({ paused_ms: 1000, paused_at: null });
    expect(await step('cancel')).toEqual([200, 'cancelled']);
    expect(await step('resume')).toEqual([409, 'conflict']);
    expect((await api.jobs('campaigns')).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['init-lifecycle-', 'close-lifecycle']),
    );
    const audited = await api.store.auditLog.find({ target: 'lifecycle' }).sort({ at: 1 }).lean();
    expect(audited.map(({ action, by }) => `${action} by ${by}`).sort()).toEqual([
      'campaign.cancel by tests',
      'campaign.create by tests',
      'campaign.launch by tests',
      'campaign.pause by tests',
      'campaign.resume by tests',
    ]);
  });
});
