import { checkDocument, recognise } from './check-document.js';

const template = { _id: 't', name: 'T', type: 'sales', stages: { a: { messages: [] }, b: { messages: [] } } };

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
    expect(checkDocument('template', unreachable)).toEqual({
      errors: [],
      warnings: [expect.objectContaining({ path: '$.stages.b' })],
    });
    expect(checkDocument('scenario', scenario)).toEqual({
      errors: [],
      warnings: [expect.objectContaining({ path: '$.template.stages.b' })],
    });
  });

  it('looks at a campaign beside its template', () => {
    const campaign = { _id: 'c', name: 'C', template_id: 't', initial_stage: 'c' };
    expect(checkDocument('campaign', campaign).errors).toEqual([]);
    expect(checkDocument('campaign', campaign, { ...template }).errors).toEqual([
      expect.objectContaining({ path: '$.initial_stage' }),
    ]);
  });
});
