import { checkScenario } from './check-scenario.js';
import { nurturingTemplate, sampleCampaign, surveyTemplate } from './fixtures/sample-documents.js';

const checks = {
  condition: () => null,
  text: (source: string) => (source === 'broken' ? 'The text is broken.' : null),
};
const { recipients: _, ...campaign } = sampleCampaign;
const scenario = {
  template: nurturingTemplate,
  campaign,
  recipients: [{ _id: 'ada' }, { _id: 'bob', first_name: 'Bob' }],
  responses: [{ recipient: 'ada', at_hours: 5, intent: 'yes', text: 'Yes.', data: { rating: 4 } }],
  opt_outs: [{ recipient: 'bob', at_hours: 7.5 }],
  factor: 0.5,
  start: '2024-03-01T08:00:00Z',
  until_hours: 100,
};
const faultsOf = (change: object) => checkScenario({ ...scenario, ...change }, checks).faults;
const paths = (change: object) => faultsOf(change).map(({ path }) => path);

describe('checkScenario', () => {
  it('accepts a complete scenario as it is written', () => {
    expect(checkScenario(scenario, checks)).toEqual({ ok: true, value: scenario, faults: [], warnings: [] });
  });

  it('accepts a scenario in which nobody does anything', () => {
    const { template, recipients, start } = scenario;
    expect(checkScenario({ template, campaign, recipients, start }, checks).faults).toEqual([]);
  });

  it.each([
    ['an unknown field', { untill_hours: 3 }, ['$.untill_hours']],
    ['a start that is no time', { start: 'tomorrow' }, ['$.start']],
    ['a factor of zero', { factor: 0 }, ['$.factor']],
    ['a negative hour', { responses: [{ recipient: 'ada', at_hours: -1 }] }, ['$.responses[0].at_hours']],
    ['a response of nobody', { responses: [{ at_hours: 1 }] }, ['$.responses[0].recipient']],
    ['a fault in the template', { template: { ...nurturingTemplate, name: 5 } }, ['$.template.name']],
    [
      'a text that does not parse',
      { template: { ...nurturingTemplate, stages: { welcome: { messages: [{ template: 'broken' }] } } } },
      ['$.template.stages.welcome.messages[0].template'],
    ],
    ['a fault in the campaign', { campaign: { ...campaign, channel: 'pigeon' } }, ['$.campaign.channel']],
    [
      "a stage that the scenario's template lacks",
      { campaign: { ...campaign, initial_stage: 'wellcome' } },
      ['$.campaign.initial_stage'],
    ],
    [
      'colliding keys of the context',
      { campaign: { ...campaign, context_data: { a: 1, 'a.b': 2 } } },
      ["$.campaign.context_data['a.b']"],
    ],
    [
      'another template than the one named',
      { template: { ...surveyTemplate, stages: nurturingTemplate.stages, default_initial_stage: 'welcome' } },
      ['$.campaign.template_id'],
    ],
    ['a fault in a recipient', { recipients: [{ _id: 'ada' }, { _id: 'bob', email: 'x' }] }, ['$.recipients[1].email']],
    [
      'a recipient given again',
      { recipients: [{ _id: 'ada' }, { _id: 'bob' }, { _id: 'ada' }] },
      ['$.recipients[2]._id'],
    ],
    [
      'an unknown recipient that the campaign lists',
      { campaign: { ...campaign, recipients: ['ada', 'bob', 'cyd'] } },
      ['$.campaign.recipients[2]'],
    ],
    [
      'responses and opt-outs of strangers',
      {
        responses: [
          { recipient: 'ada', at_hours: 1 },
          { recipient: 'adda', at_hours: 2 },
        ],
        opt_outs: [{ recipient: 'eve', at_hours: 1 }],
      },
      ['$.responses[1].recipient', '$.opt_outs[0].recipient'],
    ],
    [
      'a response of somebody whom the campaign leaves out',
      { campaign: { ...campaign, recipients: ['bob'] } },
      ['$.responses[0].recipient'],
    ],
    [
      'an unsafe key',
      { responses: [{ recipient: 'ada', at_hours: 1, data: { $gt: 1 } }] },
      ["$.responses[0].data['$gt']"],
    ],
  ])('refuses %s', (_name, change, expected) => {
    expect(paths(change)).toEqual(expected);
  });

  it('tells which parts are missing', () => {
    expect(checkScenario({}, checks).faults.map(({ path }) => path)).toEqual([
      '$.template',
      '$.campaign',
      '$.recipients',
      '$.start',
    ]);
  });

  it('suggests the recipient that was meant', () => {
    expect(faultsOf({ responses: [{ recipient: 'Ada', at_hours: 1 }] })).toEqual([
      expect.objectContaining({
        message: 'No recipient `Ada` takes part in this scenario.',
        hint: 'did you mean `ada`?',
      }),
    ]);
  });

  it("hands on the template's warnings under their path", () => {
    const template = {
      ...nurturingTemplate,
      stages: { welcome: { messages: [], progression_rules: { response_required: true } } },
    };
    const result = checkScenario({ ...scenario, template }, checks);
    expect(result.ok).toBe(true);
    expect(result.warnings.map(({ path }) => path)).toContain(
      '$.template.stages.welcome.progression_rules.max_stage_duration_hours',
    );
  });

  it.each([null, 5, 'scenario', [], { template: [], campaign: 1, recipients: {}, start: 0 }])(
    'answers %j with faults, not with an error',
    (document) => {
      expect(checkScenario(document, checks).faults.length).toBeGreaterThan(0);
    },
  );
});
