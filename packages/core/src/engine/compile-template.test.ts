import type { CampaignTemplate } from '../schemas/template.js';
import { compileTemplate, TemplateCompileError } from './compile-template.js';
import { HOUR } from './fixtures/scenario.js';

const bare: CampaignTemplate = {
  _id: 't',
  name: 'T',
  type: 'sales',
  stages: { a: { messages: [{ template: 'Hi' }] } },
};
const full: CampaignTemplate = {
  ...bare,
  stages: {
    b: {
      name: 'Second',
      max_visits: 3,
      messages: [
        {
          subject: 'S {{recipient.a}}',
          template: 'T {{recipient.b}}',
          conditional_templates: [{ condition: 'response.rating < 4', template: 'C' }],
          follow_up_templates: ['F1', 'F2'],
          timing: { delay_hours: 1, max_follow_ups: 2, follow_up_delay_hours: 0.5 },
        },
      ],
      progression_rules: {
        response_required: true,
        specific_response_required: 'yes',
        min_responses_required: 2,
        min_stage_duration_hours: 3,
        max_stage_duration_hours: 10,
        max_follow_ups: 4,
        advance_on_failure: true,
        auto_advance_after_max_duration: true,
        escalation_after_hours: 5,
        escalation_action: 'page_sales',
        next_stage: null,
        transitions: [{ condition: 'context.tier == "gold"', to: 'a' }],
      },
    },
    a: { messages: [] },
  },
  stage_order: ['a', 'b'],
  default_initial_stage: 'b',
  completion_conditions: { all_stages_completed: true, specific_response_received: 'deal' },
};

describe('compileTemplate', () => {
  it('fills in the defaults of the design', () => {
    const { stages, ...rest } = compileTemplate(bare, 1);
    expect(rest).toEqual({
      id: 't',
      name: 'T',
      factor: 1,
      order: ['a'],
      initial_stage: 'a',
      all_stages_completed: false,
      completing_intent: null,
      default_max_ms: 8760 * HOUR,
    });
    expect(stages.get('a')).toMatchObject({
      name: 'a',
      title: 'a',
      response_required: false,
      specific_response: null,
      min_responses: 1,
      min_ms: 0,
      max_ms: Number.POSITIVE_INFINITY,
      max_follow_ups: Number.POSITIVE_INFINITY,
      exhausts_after: null,
      advance_on_failure: false,
      auto_advance: false,
      escalation_after_ms: null,
      escalation_action: 'notify_manager',
      transitions: [],
      next_stage: undefined,
      max_visits: 10,
      messages: [
        { subject: null, conditional: [], follow_up_texts: [], delay_ms: 0, max_follow_ups: 0, follow_up_delay_ms: 0 },
      ],
    });
  });

  it('multiplies every number of hours by the factor, and nothing else', () => {
    const compiled = compileTemplate(full, 0.5);
    expect(compiled).toMatchObject({
      factor: 0.5,
      order: ['a', 'b'],
      initial_stage: 'b',
      all_stages_completed: true,
      completing_intent: 'deal',
      default_max_ms: 4380 * HOUR,
    });
    expect(compiled.stages.get('b')).toMatchObject({
      title: 'Second',
      response_required: true,
      specific_response: 'yes',
      min_responses: 2,
      min_ms: 1.5 * HOUR,
      max_ms: 5 * HOUR,
      max_follow_ups: 4,
      exhausts_after: 4,
      advance_on_failure: true,
      auto_advance: true,
      escalation_after_ms: 2.5 * HOUR,
      escalation_action: 'page_sales',
      next_stage: null,
      transitions: [{ to: 'a' }],
      max_visits: 3,
      messages: [{ delay_ms: 0.5 * HOUR, max_follow_ups: 2, follow_up_delay_ms: 0.25 * HOUR }],
    });
  });

  it.each<[string, number | undefined, number | undefined, number, number, number | null]>([
    ['both', 2, 3, 2, 3, 3],
    ['only the message', 2, undefined, 2, Number.POSITIVE_INFINITY, null],
    ['only the stage', undefined, 3, Number.POSITIVE_INFINITY, 3, 3],
    ['neither', undefined, undefined, 0, Number.POSITIVE_INFINITY, null],
    ['a stage of 0', 2, 0, 2, 0, null],
  ])(
    'keeps the limits of follow-ups apart where %s is given',
    (_name, ofMessage, ofStage, perMessage, perStage, exhausts) => {
      const compiled = compileTemplate(
        {
          ...bare,
          stages: {
            a: {
              messages: [
                {
                  template: 'x',
                  timing: { follow_up_delay_hours: 1, ...(ofMessage !== undefined && { max_follow_ups: ofMessage }) },
                },
              ],
              progression_rules: ofStage === undefined ? {} : { max_follow_ups: ofStage },
            },
          },
        },
        1,
      );
      expect(compiled.stages.get('a')).toMatchObject({
        max_follow_ups: perStage,
        exhausts_after: exhausts,
        messages: [{ max_follow_ups: perMessage }],
      });
    },
  );

  it.each<[string, CampaignTemplate['stages'][string], string]>([
    ['a text', { messages: [{ template: 'ok' }, { template: '{{#open}}' }] }, '$.stages.a.messages[1].template'],
    ['a subject', { messages: [{ template: 'ok', subject: '{{' }] }, '$.stages.a.messages[0].subject'],
    [
      'a follow-up',
      { messages: [{ template: 'ok', follow_up_templates: ['ok', '{{{x}}}'] }] },
      '$.stages.a.messages[0].follow_up_templates[1]',
    ],
    [
      'a condition of a text',
      { messages: [{ template: 'ok', conditional_templates: [{ condition: 'a <', template: 'x' }] }] },
      '$.stages.a.messages[0].conditional_templates[0].condition',
    ],
    [
      'a conditional text',
      { messages: [{ template: 'ok', conditional_templates: [{ condition: 'a < 1', template: '{{> x}}' }] }] },
      '$.stages.a.messages[0].conditional_templates[0].template',
    ],
    [
      'a transition',
      { messages: [], progression_rules: { transitions: [{ condition: 'f(1)', to: null }] } },
      '$.stages.a.progression_rules.transitions[0].condition',
    ],
  ])('names the path of %s that does not parse', (_name, a, path) => {
    const compile = () => compileTemplate({ ...bare, stages: { a } }, 1);
    expect(compile).toThrow(TemplateCompileError);
    expect(compile).toThrow(`${path}: `);
  });
});
