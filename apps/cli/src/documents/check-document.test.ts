import { checkDocument, recognise } from './check-document.js';

const template = { _id: 't', name: 'T', type: 'sales', stages: { a: { messages: [] }, b: { messages: [] } } };

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('recognise', () => {
  it.each([
    ['template', template],
    ['template', { _id: 't', stages: 5 }],
    ['campaign', { _id: 'c', name: 'C', template_id: 't' }],
    ['scenario', { template, recipients: [] }],
    ['scenario', { template, campaign: {} }],
    ['response-model', { stages: { a: { answers: [] } } }],
    ['response-model', { default: {} }],
    [null, { _id: 'x' }],
    [null, [template]],
    [null, null],
    [null, 'template'],
  ])('finds a %s', (kind, document) => {
    expect(recognise(document)).toBe(kind);
  });
});

describe('checkDocument', () => {
  const unreachable = {
    ...template,
    stages: { ...template.stages, a: { messages: [], progression_rules: { next_stage: null } } },
  };

  it('warns of what can never happen in a template, and at its place in a scenario', () => {
    const scenario = {
      template: unreachable,
      campaign: { _id: 'c', name: 'C', template_id: 't' },
      recipients: [],
      start: '2026-01-01T00:00:00Z',
    };
    expect(checkDocument('template', unreachable, NOW)).toEqual({
      partial: false,
      errors: [],
      warnings: [expect.objectContaining({ path: '$.stages.b' })],
    });
    expect(checkDocument('scenario', scenario, NOW)).toEqual({
      partial: false,
      errors: [],
      warnings: [expect.objectContaining({ path: '$.template.stages.b' })],
    });
  });

  it('looks at a campaign beside its template', () => {
    const campaign = { _id: 'c', name: 'C', template_id: 't', initial_stage: 'c' };
    expect(checkDocument('campaign', campaign, NOW).errors).toEqual([]);
    expect(checkDocument('campaign', campaign, NOW, { ...template }).errors).toEqual([
      expect.objectContaining({ path: '$.initial_stage' }),
    ]);
  });

  it('warns of a campaign whose end has passed', () => {
    const campaign = { _id: 'c', name: 'C', template_id: 't', schedule: { end_date: '2026-03-01T11:00:00Z' } };
    expect(checkDocument('campaign', campaign, NOW)).toEqual({
      partial: false,
      errors: [],
      warnings: [expect.objectContaining({ path: '$.schedule.end_date', found: '"2026-03-01T11:00:00Z"' })],
    });
    expect(checkDocument('campaign', campaign, NOW - 7_200_000).warnings).toEqual([]);
  });

  it.each([
    ['a field', { name: 5, stages: { a: { messages: [{ template: '{{' }] } } }, true, ['$.name']],
    ['a text', { stages: { a: { messages: [{ template: '{{' }] } } }, false, ['$.stages.a.messages[0].template']],
  ] as const)('says that faults of fields hide those of texts: %s', (_what, change, partial, paths) => {
    const found = checkDocument('template', { ...template, ...change }, NOW);
    expect([found.partial, found.errors.map(({ path }) => path)]).toEqual([partial, paths]);
  });
});
