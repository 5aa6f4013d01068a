import { campaign, recipients, template } from './support/documents.js';
import { createTestApi, keyOf, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_simulations');
});
afterAll(() => api.stop());

const { schedule: _schedule, ...unscheduled } = campaign;
const scenario = {
  template,
  campaign: { ...unscheduled, recipients: ['user_1'] },
  recipients,
  responses: [{ recipient: 'user_1', at_hours: 5, intent: 'sign_contract' }],
  start: '2026-03-01T12:00:00Z',
};
const responses = { default: { answers: [{ probability: 1, delay: { distribution: 'fixed', hours: 1 } }] } };
const statistical = { template, recipients: 50, responses, seed: 7 };

describe('POST /v1/simulations', () => {
  it('foresees a scenario, event by event, and stores nothing', async () => {
    const { status, body } = await api.post('/v1/simulations', { scenario });

    expect(status).toBe(200);
    expect(body['events']).toEqual([
      { at_hours: 0, recipient: 'user_1', event: 'entered', stage: 'welcome' },
      expect.objectContaining({ event: 'sent', text: 'Hello Ada, Ledgerly is open for Example Ltd.' }),
      { at_hours: 5, recipient: 'user_1', event: 'response', stage: 'welcome' },
      expect.objectContaining({ at_hours: 5, event: 'completed', result: 'success' }),
    ]);
    expect(await api.store.templates.countDocuments()).toBe(0);
  });

  it('foresees the figures of a template, the same for the same seed', async () => {
    const first = await api.post('/v1/simulations', statistical);
    const again = await api.post('/v1/simulations', statistical);

    expect(first.status).toBe(200);
    expect(first.body['report']).toMatchObject({ recipients: 50, seed: 7, messages: { total: 100 } });
    expect(again.body).toEqual(first.body);
  });

  it('asks for no more than the right to read', async () => {
    const headers = (scope: 'read' | 'respond') => ({ authorization: `Bearer ${keyOf([scope])}` });
    expect((await api.post('/v1/simulations', statistical, headers('read'))).status).toBe(200);
    expect((await api.post('/v1/simulations', statistical, headers('respond'))).status).toBe(403);
  });

  const many = Array.from({ length: 201 }, (_, i) => ({ _id: `user_${i + 1}`, first_name: 'Ada' }));
  const chatty = { ...template.stages.welcome.messages[0], timing: { max_follow_ups: 500, follow_up_delay_hours: 1 } };
  it.each<[string, unknown, string[]]>([
    ['no body', undefined, ['$']],
    [
      'a scenario without its parts',
      { scenario: {} },
      ['$.scenario.campaign', '$.scenario.recipients', '$.scenario.start', '$.scenario.template'],
    ],
    [
      'a reply of a stranger',
      { scenario: { ...scenario, responses: [{ recipient: 'x', at_hours: 1 }] } },
      ['$.scenario.responses[0].recipient'],
    ],
    ['too many scripted recipients', { scenario: { ...scenario, recipients: many } }, ['$.scenario.recipients']],
    ['both forms at once', { scenario, recipients: 5 }, ['$.recipients']],
    ['too many recipients', { ...statistical, recipients: 20_001 }, ['$.recipients']],
    ['a broken template', { ...statistical, template: { ...template, name: 5 } }, ['$.template.name']],
    [
      'a model of another template',
      { ...statistical, responses: { stages: { wellcome: {} } } },
      ['$.responses.stages.wellcome'],
    ],
    [
      'a template that could send without end',
      { ...statistical, recipients: 20_000, template: { ...template, stages: { welcome: { messages: [chatty] } } } },
      ['$.recipients'],
    ],
  ])('refuses %s with the place of the fault', async (_what, body, paths) => {
    const { status, body: problem } = await api.post('/v1/simulations', body);

    expect(status).toBe(422);
    expect((problem['faults'] as { path: string }[]).map(({ path }) => path).sort()).toEqual(paths);
  });
});
