import { checkTemplate } from './checks.js';
import { nurturingTemplate, surveyTemplate } from './fixtures/sample-documents.js';
import type { SourceChecks } from './source-checks.js';
import type { TemplateOptions } from './template-rules.js';

const anything: SourceChecks = { condition: () => null, text: () => null };
const check = (document: unknown, options?: TemplateOptions) => checkTemplate(document, anything, options);

const message = (timing?: object) => ({ template: 'Hello', ...(timing && { timing }) });
const template = (stages: object, rest: object = {}) => ({ _id: 't', name: 'T', type: 'sales', stages, ...rest });
const stage = (rules: object = {}, messages: object[] = [message()]) => ({ messages, progression_rules: rules });
const rules = (given: object, messages?: object[]) => template({ one: stage(given, messages) });
const RULES = '$.stages.one.progression_rules';

describe('checkTemplate', () => {
  it.each([nurturingTemplate, surveyTemplate])('accepts a complete template as it is written: %#', (document) => {
    const copy = structuredClone(document);
    const result = check(document, { notifiers: [] });
    expect(result).toEqual({ ok: true, value: copy, faults: [], warnings: [] });
    expect(result.ok && result.value).toBe(document);
  });

  it.each([
    [
      'by time',
      {
        response_required: false,
        min_stage_duration_hours: 12,
        max_stage_duration_hours: 36,
        auto_advance_after_max_duration: true,
      },
    ],
    [
      'by response',
      {
        response_required: true,
        specific_response_required: 'visit_agreed',
        min_stage_duration_hours: 0,
        max_stage_duration_hours: 90,
        max_follow_ups: 2,
        advance_on_failure: true,
      },
    ],
    [
      'by both',
      {
        response_required: true,
        min_responses_required: 2,
        min_stage_duration_hours: 24,
        max_stage_duration_hours: 90,
        advance_on_failure: false,
        escalation_after_hours: 60,
        escalation_action: 'notify_manager',
      },
    ],
  ])('accepts progression %s without a warning', (_, given) => {
    const { ok, warnings } = check(rules(given, [message({ max_follow_ups: 2, follow_up_delay_hours: 24 })]));
    expect({ ok, warnings }).toEqual({ ok: true, warnings: [] });
  });

  it('leaves its rules aside while the schema is not kept', () => {
    const result = check(template({ one: { messages: 1 } }, { default_initial_stage: 'two' }));
    expect(result.faults.map((fault) => fault.path)).toEqual(['$.stages.one.messages']);
  });
});

describe('names of stages', () => {
  it.each([
    ['a number', template({ '1': stage() }), "$.stages['1']"],
    ['zero', template({ '0': stage(), a: stage() }), "$.stages['0']"],
    ['an order that lacks one', template({ a: stage(), b: stage() }, { stage_order: ['b'] }), '$.stage_order'],
    [
      'an order with one twice',
      template({ a: stage(), b: stage() }, { stage_order: ['a', 'b', 'a'] }),
      '$.stage_order',
    ],
    ['an unknown one in the order', template({ a: stage() }, { stage_order: ['a', 'z'] }), '$.stage_order[1]'],
    ['an unknown first one', template({ a: stage() }, { default_initial_stage: 'z' }), '$.default_initial_stage'],
    ['an unknown next one', rules({ next_stage: 'zzz' }), `${RULES}.next_stage`],
    ['a next one called like a method', rules({ next_stage: 'toString' }), `${RULES}.next_stage`],
    [
      'an unknown one to branch to',
      rules({
        transitions: [
          { condition: 'a', to: 'one' },
          { condition: 'b', to: 'zzz' },
        ],
      }),
      `${RULES}.transitions[1].to`,
    ],
    ['a name of the prototype chain', template(JSON.parse('{"__proto__":{"messages":[]}}')), '$.stages.__proto__'],
  ])('are refused: %s', (_, document, path) => {
    expect(check(document).faults.map((fault) => fault.path)).toEqual([path]);
  });

  it.each([
    ['numbers with an order', template({ '2': stage(), '1': stage() }, { stage_order: ['2', '1'] })],
    ['digits with a leading zero, which keep their place', template({ '01': stage() })],
    ['the end as the next stage', rules({ next_stage: null, transitions: [{ condition: 'a', to: null }] })],
    ['a way back to itself', rules({ next_stage: 'one' })],
    ['names of Object.prototype', template({ toString: stage() }, { default_initial_stage: 'toString' })],
  ])('are accepted: %s', (_, document) => {
    expect(check(document).faults).toEqual([]);
  });

  it('are suggested where they are misspelt', () => {
    const [fault] = check(template({ awareness: stage() }, { default_initial_stage: 'awarness' })).faults;
    expect(fault?.hint).toBe('did you mean `awareness`?');
  });
});

describe('durations', () => {
  it('are refused with a minimum above the maximum', () => {
    const { faults } = check(rules({ min_stage_duration_hours: 5, max_stage_duration_hours: 4 }));
    expect(faults).toEqual([expect.objectContaining({ path: `${RULES}.min_stage_duration_hours`, found: '5' })]);
  });

  it.each([
    ['equal', { min_stage_duration_hours: 4, max_stage_duration_hours: 4 }],
    ['without a maximum', { min_stage_duration_hours: 4 }],
    ['without a minimum', { max_stage_duration_hours: 0 }],
  ])('are accepted %s', (_, given) => {
    expect(check(rules(given)).faults).toEqual([]);
  });
});

describe('follow-ups', () => {
  it.each([
    // timing, rules, whether a delay is missed
    [{ max_follow_ups: 2 }, {}, true],
    [{ max_follow_ups: 2, follow_up_delay_hours: 0 }, {}, true],
    [{ max_follow_ups: 2, follow_up_delay_hours: 1 }, {}, false],
    [undefined, { max_follow_ups: 3 }, true],
    [{ delay_hours: 1 }, { max_follow_ups: 3 }, true],
    [{ follow_up_delay_hours: 0.5 }, { max_follow_ups: 3 }, false],
    [{ max_follow_ups: 0 }, { max_follow_ups: 3 }, false],
    [{ max_follow_ups: 2 }, { max_follow_ups: 0 }, false],
    [{ max_follow_ups: 2 }, { max_follow_ups: 1 }, true],
    [undefined, {}, false],
    [{ follow_up_delay_hours: 0 }, {}, false],
  ])('need a delay where they are allowed: timing %j, rules %j', (timing, given, missed) => {
    const { faults } = check(rules(given, [message(timing)]));
    const path = '$.stages.one.messages[0].timing.follow_up_delay_hours';
    expect(faults.map((fault) => fault.path)).toEqual(missed ? [path] : []);
  });

  it('are reported for the message that they concern', () => {
    const messages = [message({ follow_up_delay_hours: 1 }), message(), message({ follow_up_delay_hours: 0 })];
    expect(check(rules({ max_follow_ups: 1 }, messages)).faults).toEqual([
      expect.not.objectContaining({ found: expect.anything() }),
      expect.objectContaining({ path: '$.stages.one.messages[2].timing.follow_up_delay_hours', found: '0' }),
    ]);
  });
});

describe('escalation', () => {
  it('is known by the notifiers that are configured, where they are given', () => {
    const document = rules({ escalation_after_hours: 1, escalation_action: 'sales_desc' });
    expect(check(document).faults).toEqual([]);
    expect(check(document, { notifiers: ['sales_desk'] }).faults).toEqual([
      expect.objectContaining({
        path: `${RULES}.escalation_action`,
        expected: 'one of notify_manager, sales_desk',
        hint: 'did you mean `sales_desk`?',
      }),
    ]);
    expect(check(document, { notifiers: ['sales_desc'] }).faults).toEqual([]);
  });

  it('always knows notify_manager', () => {
    const document = rules({ escalation_after_hours: 1, escalation_action: 'notify_manager' });
    expect(check(document, { notifiers: [] }).faults).toEqual([]);
  });
});

describe('warnings', () => {
  it.each([
    ['an action that never runs', { escalation_action: 'notify_manager' }, 'escalation_action'],
    ['an intent that is not required', { specific_response_required: 'yes' }, 'specific_response_required'],
    ['a required response without a maximum', { response_required: true }, 'max_stage_duration_hours'],
    ['advancing after no maximum', { auto_advance_after_max_duration: true }, 'max_stage_duration_hours'],
  ])('tell of %s, without refusing the template', (_, given, field) => {
    const result = check(rules(given));
    expect(result.ok).toBe(true);
    expect(result.warnings.map((warning) => warning.path)).toEqual([`${RULES}.${field}`]);
  });

  it.each([
    ['an escalation with the default action', { escalation_after_hours: 5 }],
    ['a stage that does not wait', {}],
    ['a stage that waits for a while', { response_required: true, max_stage_duration_hours: 5 }],
  ])('do not tell of %s', (_, given) => {
    expect(check(rules(given)).warnings).toEqual([]);
  });
});

describe('sources', () => {
  const refuseAll: SourceChecks = {
    condition: (source) => `The condition ${source} is wrong.`,
    text: (source) => `The text ${source} is wrong.`,
  };

  it('are each checked by the parser of their language and reported at their path', () => {
    const document = rules({ transitions: [{ condition: 'c2', to: null }] }, [
      { template: 't1', subject: 't2', conditional_templates: [{ condition: 'c1', template: 't3' }] },
      { template: 't4', follow_up_templates: ['t5', 't6'] },
    ]);
    const { faults } = checkTemplate(document, refuseAll);
    expect(faults.map(({ path, message: text }) => [path, text])).toEqual([
      ['$.stages.one.messages[0].template', 'The text t1 is wrong.'],
      ['$.stages.one.messages[0].subject', 'The text t2 is wrong.'],
      ['$.stages.one.messages[0].conditional_templates[0].condition', 'The condition c1 is wrong.'],
      ['$.stages.one.messages[0].conditional_templates[0].template', 'The text t3 is wrong.'],
      ['$.stages.one.messages[1].template', 'The text t4 is wrong.'],
      ['$.stages.one.messages[1].follow_up_templates[0]', 'The text t5 is wrong.'],
      ['$.stages.one.messages[1].follow_up_templates[1]', 'The text t6 is wrong.'],
      ['$.stages.one.progression_rules.transitions[0].condition', 'The condition c2 is wrong.'],
    ]);
  });
});
