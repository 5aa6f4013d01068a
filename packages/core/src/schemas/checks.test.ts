import fc from 'fast-check';
import { checkAudienceMember, checkCampaign, checkRecipient, checkResponse, checkTemplate } from './checks.js';
import { nurturingTemplate, sampleCampaign } from './fixtures/sample-documents.js';
import type { CampaignTemplate } from './template.js';

const campaign = (change: object) => ({ ...sampleCampaign, ...change });
const paths = ({ faults }: { readonly faults: readonly { readonly path: string }[] }) => faults.map(({ path }) => path);
const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('checkCampaign', () => {
  it('accepts a complete campaign as it is written, with and without its template', () => {
    const copy = structuredClone(sampleCampaign);
    expect(checkCampaign(sampleCampaign)).toEqual({ ok: true, value: copy, faults: [], warnings: [] });
    expect(checkCampaign(sampleCampaign, nurturingTemplate).ok).toBe(true);
  });

  it.each([
    [
      'an end before the start',
      { schedule: { start_date: '2024-03-01T09:00:00+02:00', end_date: '2024-03-01T06:59:59Z' } },
      ['$.schedule.end_date'],
    ],
    ['a recipient listed again', { recipients: ['a', 'b', 'a', 'a'] }, ['$.recipients[2]', '$.recipients[3]']],
    ['colliding keys', { context_data: { a: 1, 'a.b': 2 } }, ["$.context_data['a.b']"]],
    ['a reserved root', { context_data: { 'recipient.name': 1 } }, ["$.context_data['recipient.name']"]],
    ['an unsafe key', { context_data: JSON.parse('{"__proto__":{"a":1}}') }, ['$.context_data.__proto__']],
    ['an unsafe key of metadata', { metadata: { x: [{ $gt: 1 }] } }, ["$.metadata.x[0]['$gt']"]],
  ])('refuses %s', (_, change, expected) => {
    expect(paths(checkCampaign(campaign(change)))).toEqual(expected);
  });

  it.each([
    [
      'instants that are equal in different zones',
      { start_date: '2024-03-01T09:00:00+02:00', end_date: '2024-03-01T07:00:00Z' },
    ],
    ['a start alone', { start_date: '2024-03-01T09:00:00Z' }],
    ['an end alone', { end_date: '2024-03-01T09:00:00Z' }],
  ])('accepts %s', (_, schedule) => {
    expect(checkCampaign(campaign({ schedule })).ok).toBe(true);
  });

  it('names the recipient that is listed twice, and where', () => {
    const [fault] = checkCampaign(campaign({ recipients: ['a', 'b', 'a'] })).faults;
    expect(fault?.message).toBe('The recipient `a` is already listed at $.recipients[0].');
  });

  it('looks for the initial stage in the template, where there is one', () => {
    const document = campaign({ initial_stage: 'wellcome' });
    expect(checkCampaign(document).ok).toBe(true);
    expect(checkCampaign(document, nurturingTemplate as CampaignTemplate).faults).toEqual([
      expect.objectContaining({ path: '$.initial_stage', hint: 'did you mean `welcome`?' }),
    ]);
  });

  it.each([
    ['10,000 levels of context', { context_data: nested(10_000) }],
    ['10,000 levels in place of a name', { name: nested(10_000) }],
    ['a key of 10,000 segments', { context_data: { [Array(10_000).fill('a').join('.')]: 1 } }],
    ['a million recipients', { recipients: Array(1_000_000).fill(1) }],
    ['a hundred thousand equal recipients', { recipients: Array(100_000).fill('a') }],
  ])('refuses %s soon and in few words', (_, change) => {
    const startedAt = performance.now();
    const result = checkCampaign(campaign(change));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(result.ok).toBe(false);
    expect(result.faults.length).toBeLessThanOrEqual(101);
    for (const fault of result.faults) expect(JSON.stringify(fault).length).toBeLessThan(1000);
  });
});

describe('checkRecipient', () => {
  it('accepts attributes of any name and shape', () => {
    const document = {
      _id: 'user_1',
      email: 'ada@example.com',
      phone: '+4930123456',
      seats: 3,
      plan: { level: ['a'] },
    };
    expect(checkRecipient(document)).toMatchObject({ ok: true, value: document });
  });

  it.each([
    ['an unsafe attribute', '{"_id":"a","plan":{"constructor":1}}', '$.plan.constructor'],
    ['an own __proto__', '{"_id":"a","__proto__":{"admin":true}}', '$.__proto__'],
    ['an id that the prototype cannot give', '{"first_name":"Ada"}', '$._id'],
  ])('refuses %s', (_, json, path) => {
    expect(paths(checkRecipient(JSON.parse(json)))).toEqual([path]);
  });
});

describe('checkAudienceMember', () => {
  it('accepts a member with a context of its own', () => {
    const document = {
      recipient_id: 'user_1',
      context: { 'ticket.id': '4711', 'ticket.subject': 'Door', deal_size: 5 },
    };
    expect(checkAudienceMember(document)).toMatchObject({ ok: true, value: document });
  });

  it.each([
    ['colliding keys', { context: { ticket: 1, 'ticket.id': 2 } }, "$.context['ticket.id']"],
    ['a reserved root', { context: { campaign: 1 } }, '$.context.campaign'],
    ['an unknown field', { contxt: {} }, '$.contxt'],
    ['an unsafe key', { context: { 'a.$b': 1 } }, "$.context['a.$b']"],
  ])('refuses %s', (_, change, path) => {
    expect(paths(checkAudienceMember({ recipient_id: 'user_1', ...change }))).toEqual([path]);
  });
});

describe('checkResponse', () => {
  it.each([
    { conversation_id: 'campaign_1/user_1' },
    { campaign_id: 'campaign_1', recipient_id: 'user_1', intent: 'yes', data: { rating: 4 } },
    { conversation_id: 'campaign_1/user_1', campaign_id: 'campaign_1', recipient_id: 'user_1' },
    { conversation_id: 'campaign_1/user_1', recipient_id: 'user_1', text: '' },
  ])('accepts a response that names one conversation: %j', (document) => {
    expect(checkResponse(document)).toMatchObject({ ok: true, value: document });
  });

  it.each([
    [{ intent: 'yes' }, '$'],
    [{ campaign_id: 'a' }, '$.recipient_id'],
    [{ recipient_id: 'a' }, '$.campaign_id'],
    [{ conversation_id: 'a' }, '$.conversation_id'],
    [{ conversation_id: 'a/b/c' }, '$.conversation_id'],
    [{ conversation_id: '/b' }, '$.conversation_id'],
    [{ conversation_id: 'a/b', campaign_id: 'c' }, '$.campaign_id'],
    [{ conversation_id: 'a/b', recipient_id: 'c' }, '$.recipient_id'],
    [{ conversation_id: 'a/b', data: { $set: 1 } }, "$.data['$set']"],
    [{ conversation_id: 'a/b', ratting: 4 }, '$.ratting'],
  ])('refuses %j', (document, path) => {
    expect(paths(checkResponse(document))).toEqual([path]);
  });
});

/** In strict mode a write to a frozen document throws, so a check that passes has not written. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

const id = fc.stringMatching(/^[A-Za-z0-9_.:@+-]{1,20}$/);
const hours = fc.integer({ min: 0, max: 200 });
const flag = fc.boolean();
const stage = fc.record(
  {
    messages: fc.array(
      fc.record(
        {
          template: fc.string({ minLength: 1 }),
          timing: fc.record(
            { delay_hours: hours, max_follow_ups: fc.nat(2), follow_up_delay_hours: fc.integer({ min: 1, max: 9 }) },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: ['template'] },
      ),
      { maxLength: 3 },
    ),
    progression_rules: fc.record(
      {
        response_required: flag,
        min_stage_duration_hours: hours,
        max_stage_duration_hours: hours,
        max_follow_ups: fc.nat(2),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['messages'] },
);
const anyTemplate = fc.record({
  _id: id,
  name: fc.string({ minLength: 1, maxLength: 20 }),
  type: fc.constantFrom('sales', 'support'),
  stages: fc.dictionary(fc.constantFrom('a', 'b.c', 'toString'), stage, { minKeys: 1, maxKeys: 2 }),
});
const anyCampaign = fc.record({
  _id: id,
  name: fc.string({ minLength: 1, maxLength: 20 }),
  template_id: id,
  recipients: fc.array(id, { maxLength: 5 }),
  context_data: fc.dictionary(
    fc.constantFrom('a', 'a.b', 'c.d', 'e', '__proto__', '$f'),
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

describe('documents that are accepted', () => {
  const roundTrips = (
    documents: fc.Arbitrary<object>,
    check: (document: unknown) => { ok: boolean; value?: unknown },
  ) => {
    let accepted = 0;
    fc.assert(
      fc.property(documents, (made) => {
        const document: object = freeze(JSON.parse(JSON.stringify(made)));
        const result = check(document);
        if (!result.ok) return;
        accepted += 1;
        expect(result.value).toBe(document);
        const copy: unknown = JSON.parse(JSON.stringify(result.value));
        expect(copy).toEqual(document);
        expect(check(copy).ok).toBe(true);
      }),
      { numRuns: 500 },
    );
    return accepted;
  };

  it('are templates that come through JSON unchanged', () => {
    const checks = { condition: () => null, text: () => null };
    expect(roundTrips(anyTemplate, (document) => checkTemplate(document, checks))).toBeGreaterThan(50);
  });

  it('are campaigns that come through JSON unchanged', () => {
    expect(roundTrips(anyCampaign, (document) => checkCampaign(document))).toBeGreaterThan(50);
  });
});
