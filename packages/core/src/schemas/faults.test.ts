import type { Fault, Validated } from './fault.js';
import { nurturingTemplate, sampleCampaign } from './fixtures/sample-documents.js';
import { compileValidator, validateCampaign, validateRecipient, validateTemplate } from './validator.js';

const faultsIn = (result: Validated<unknown>): readonly Fault[] => (result.ok ? [] : result.faults);
const template = (change: object) => ({ ...nurturingTemplate, ...change });
const withStage = (stage: object) => template({ stages: { welcome: { messages: [], ...stage } } });
const withMessage = (message: object) => withStage({ messages: [{ template: 'Hello', ...message }] });
const campaign = (change: object) => ({ ...sampleCampaign, ...change });

describe('faults of values', () => {
  it.each([
    [
      withMessage({ timing: { max_follow_ups: -1 } }),
      '$.stages.welcome.messages[0].timing.max_follow_ups',
      '-1',
      'a whole number from 0 to 1000',
    ],
    [
      withMessage({ timing: { delay_hours: '2' } }),
      '$.stages.welcome.messages[0].timing.delay_hours',
      '"2"',
      'a number from 0 to 8766000',
    ],
    [
      withMessage({ template: '' }),
      '$.stages.welcome.messages[0].template',
      '""',
      'a string of 1 to 100000 characters',
    ],
    [
      withStage({ progression_rules: { response_required: 'yes' } }),
      '$.stages.welcome.progression_rules.response_required',
      '"yes"',
      'true or false',
    ],
    [
      withStage({ progression_rules: { next_stage: 7 } }),
      '$.stages.welcome.progression_rules.next_stage',
      '7',
      'a string or null',
    ],
    [withStage({ messages: {} }), '$.stages.welcome.messages', '{}', 'a list of at most 100 items'],
    [template({ stages: {} }), '$.stages', '{}', 'an object of 1 to 500 members'],
    [template({ stage_order: ['a', 'a'] }), '$.stage_order', '["a","a"]', 'a list without duplicates'],
    [template({ metadata: { tags: [1] } }), '$.metadata.tags[0]', '1', 'a string'],
    [template({ stages: { '0': 5 } }), "$.stages['0']", '5', 'an object'],
    [
      template({ stages: { 'a b/~': { messages: [] } } }),
      "$.stages['a b/~']",
      '"a b/~"',
      'a name of 1 to 128 letters, digits or _ . : @ + -',
    ],
    [template({ stages: { 'a.b': { messages: [1] } } }), "$.stages['a.b'].messages[0]", '1', 'an object'],
  ])('of a template: %#', (document, path, found, expected) => {
    expect(faultsIn(validateTemplate(document))).toEqual([expect.objectContaining({ path, found, expected })]);
  });

  it.each([
    [campaign({ status: 'running' }), '$.status', '"running"', 'one of draft, scheduled'],
    [campaign({ conversation_states_initialized: true }), '$.conversation_states_initialized', 'true', 'false'],
    [campaign({ _id: 'a/b' }), '$._id', '"a/b"', '1 to 128 letters, digits or _ . : @ + -'],
    [campaign({ schedule: { start_date: 'tomorrow' } }), '$.schedule.start_date', '"tomorrow"', /^a date and time/],
    [campaign({ schedule: { start_date: '2024-01-01T00:00:00' } }), '$.schedule.start_date', /2024/, /zone/],
    [campaign({ schedule: { start_date: '2024-02-30T00:00:00Z' } }), '$.schedule.start_date', /2024/, /date/],
    [campaign({ schedule: { start_date: '2016-12-31T23:59:60Z' } }), '$.schedule.start_date', /2016/, /date/],
    [campaign({ recipients: ['user_1', 2] }), '$.recipients[1]', '2', /letters, digits/],
    [null, '$', 'null', 'an object'],
    [[], '$', '[]', 'an object'],
  ])('of a campaign: %#', (document, path, found, expected) => {
    const text = (wanted: string | RegExp) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
    expect(faultsIn(validateCampaign(document))).toEqual([
      expect.objectContaining({ path, found: text(found), expected: text(expected) }),
    ]);
  });

  it.each([
    [{ _id: 'a', email: 'nobody' }, '$.email', 'an email address of at most 254 characters'],
    [{ _id: 'a', phone: '030 123' }, '$.phone', 'a phone number such as +4930123456'],
    [{ _id: 'a', consent: { email: 'no' } }, '$.consent.email', 'true or false'],
  ])('of a recipient: %#', (document, path, expected) => {
    expect(faultsIn(validateRecipient(document))).toEqual([expect.objectContaining({ path, expected })]);
  });

  it('are told in one sentence', () => {
    expect(faultsIn(validateCampaign(campaign({ status: 'shceduled' })))).toEqual([
      {
        path: '$.status',
        message: 'Expected one of draft, scheduled, but found "shceduled".',
        found: '"shceduled"',
        expected: 'one of draft, scheduled',
        hint: 'did you mean `scheduled`?',
      },
    ]);
  });

  it('tell sizes where sizes are wrong', () => {
    const [fault] = faultsIn(validateCampaign(campaign({ name: 'x'.repeat(501) })));
    expect(fault?.message).toBe('Expected a string of 1 to 500 characters, but found 501 characters.');
  });
});

describe('missing fields', () => {
  it('have the path at which they should stand, and no value found', () => {
    const { name: _, ...nameless } = sampleCampaign;
    expect(faultsIn(validateCampaign(nameless))).toEqual([
      {
        path: '$.name',
        message: 'The required field `name` is missing; expected a string of 1 to 500 characters.',
        expected: 'a string of 1 to 500 characters',
      },
    ]);
  });

  it('are each told once', () => {
    expect(faultsIn(validateTemplate({})).map((fault) => fault.path)).toEqual([
      '$._id',
      '$.name',
      '$.type',
      '$.stages',
    ]);
  });
});

describe('unknown fields', () => {
  it.each([
    ['a template', template({ stagse: {} }), '$.stagse', 'stages'],
    ['a stage', withStage({ mesages: [] }), '$.stages.welcome.mesages', 'messages'],
    ['a message', withMessage({ subjekt: 'x' }), '$.stages.welcome.messages[0].subjekt', 'subject'],
    [
      'a timing',
      withMessage({ timing: { maxFollowUps: 1 } }),
      '$.stages.welcome.messages[0].timing.maxFollowUps',
      'max_follow_ups',
    ],
    [
      'a conditional template',
      withMessage({ conditional_templates: [{ condition: 'a', template: 'b', conditon: 'c' }] }),
      '$.stages.welcome.messages[0].conditional_templates[0].conditon',
      'condition',
    ],
    [
      'the rules',
      withStage({ progression_rules: { respons_required: true } }),
      '$.stages.welcome.progression_rules.respons_required',
      'response_required',
    ],
    [
      'a transition',
      withStage({ progression_rules: { transitions: [{ condition: 'a', to: null, conditions: 'b' }] } }),
      '$.stages.welcome.progression_rules.transitions[0].conditions',
      'condition',
    ],
    [
      'the conditions of completion',
      template({ completion_conditions: { all_stage_completed: true } }),
      '$.completion_conditions.all_stage_completed',
      'all_stages_completed',
    ],
  ])('are refused in %s, with what the author may have meant', (_, document, path, meant) => {
    expect(faultsIn(validateTemplate(document))).toEqual([
      expect.objectContaining({ path, hint: `did you mean \`${meant}\`?` }),
    ]);
  });

  it.each([
    ['a campaign', campaign({ recipient: [] }), '$.recipient', 'did you mean `recipients`?'],
    ['a schedule', campaign({ schedule: { startDate: 'x' } }), '$.schedule.startDate', 'did you mean `start_date`?'],
  ])('are refused in %s', (_, document, path, hint) => {
    expect(faultsIn(validateCampaign(document))).toEqual([expect.objectContaining({ path, hint })]);
  });

  it('are suggested only from the names of that very object', () => {
    const [fault] = faultsIn(validateTemplate(withStage({ max_follow_up: 3 })));
    expect(fault).not.toHaveProperty('hint');
    expect(fault?.expected).toBe('only the fields name, description, messages, progression_rules, max_visits');
  });

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('are refused when they are called %s', (name) => {
    expect(faultsIn(validateCampaign(campaign({ [name]: 1 })))).toEqual([
      expect.objectContaining({ path: `$.${name}`, message: `The field "${name}" is not known here.` }),
    ]);
  });
});

describe('many faults', () => {
  it('are cut at a hundred, and the rest is counted', () => {
    const faults = faultsIn(validateCampaign(campaign({ recipients: Array(250).fill('a b') })));
    expect(faults).toHaveLength(101);
    expect(faults[99]?.path).toBe('$.recipients[99]');
    expect(faults[100]).toEqual({ path: '$', message: 'There are 150 more faults.' });
  });

  it('are not more than a hundred when there are exactly a hundred', () => {
    expect(faultsIn(validateCampaign(campaign({ recipients: Array(100).fill('a b') })))).toHaveLength(100);
  });
});

describe('faults of composed schemas', () => {
  const validate = compileValidator<unknown>({
    type: 'object',
    properties: {
      either: { oneOf: [{ type: 'string', minLength: 2 }, { type: 'integer' }] },
      any: { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'integer' } }] },
    },
    if: { required: ['any'], properties: { any: { const: false } } },
    else: { required: ['either'], properties: { either: true } },
  });

  it.each([
    [{ either: null }, ['$.either'], 'a string of at least 2 characters or a whole number'],
    [{ either: 'ok', any: ['a', 'b'] }, ['$.any'], 'true or false or a list'],
    [{ any: true }, ['$.either'], undefined],
  ])('are one for each place, without the echoes of their branches: %j', (document, paths, expected) => {
    const faults = faultsIn(validate(document));
    expect(faults.map((fault) => fault.path)).toEqual(paths);
    if (expected !== undefined) expect(faults[0]?.expected).toBe(expected);
  });
});
