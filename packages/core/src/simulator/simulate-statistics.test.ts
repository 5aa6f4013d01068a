import type { ResponseModel } from '../schemas/response-model.js';
import type { CampaignTemplate } from '../schemas/template.js';
import { hybridRule, ruleTemplate, salesTemplate, supportTemplate } from './fixtures/sample-scenarios.js';
import { simulateStatistics } from './simulate-statistics.js';

const RECIPIENTS = 50;
const after = (hours: number) => ({ distribution: 'fixed', hours }) as const;
const run = (template: CampaignTemplate, responses: ResponseModel, more: object = {}) =>
  simulateStatistics({ template, responses, recipients: RECIPIENTS, seed: 1, ...more });
const funnel = (report: ReturnType<typeof run>) =>
  report.stages.map(({ stage, entered, advanced, completed, failed }) => [stage, entered, advanced, completed, failed]);

const usual: ResponseModel = {
  default: {
    answers: [
      {
        intent: 'interested',
        probability: 0.4,
        follow_up_probability: 0.2,
        delay: { distribution: 'lognormal', median_hours: 12, sigma: 1 },
      },
    ],
    opt_out: { probability: 0.05, delay: { distribution: 'exponential', mean_hours: 10 } },
  },
};

describe('simulateStatistics', () => {
  it('foresees silence: one message and two follow-ups each, and the end at the maximum', () => {
    const report = run(salesTemplate, {});
    expect(funnel(report)).toEqual([
      ['awareness', 50, 0, 0, 50],
      ['consideration', 0, 0, 0, 0],
      ['decision', 0, 0, 0, 0],
    ]);
    expect(report).toMatchObject({
      messages: { total: 150, follow_ups: 100, follow_up_share: 2 / 3 },
      responses: 0,
      unreachable_stages: ['consideration', 'decision'],
      results: [{ result: 'failed', reason: 'max_duration', count: 50 }],
      completion: { count: 50, median_hours: 168, p95_hours: 168 },
    });
    expect(report.days).toEqual([
      { day: 0, messages: 50, follow_ups: 0, responses: 0, escalations: 0, completed: 0 },
      { day: 2, messages: 50, follow_ups: 50, responses: 0, escalations: 0, completed: 0 },
      { day: 4, messages: 50, follow_ups: 50, responses: 0, escalations: 0, completed: 0 },
      { day: 7, messages: 0, follow_ups: 0, responses: 0, escalations: 0, completed: 50 },
    ]);
  });

  it('foresees prompt answers: the minima of 24, 48 and 72 hours decide, and no follow-up is sent', () => {
    const report = run(salesTemplate, { default: { answers: [{ probability: 1, delay: after(5) }] } });
    expect(funnel(report)).toEqual([
      ['awareness', 50, 50, 0, 0],
      ['consideration', 50, 50, 0, 0],
      ['decision', 50, 0, 50, 0],
    ]);
    expect(report.messages).toEqual({ total: 150, follow_ups: 0, follow_up_share: 0 });
    expect(report.completion).toMatchObject({ median_hours: 144, p95_hours: 144 });
    expect(report.days.map(({ day, messages }) => [day, messages]).filter(([, messages]) => messages)).toEqual([
      [0, 50],
      [2, 50],
      [5, 50],
    ]);
  });

  it('answers by stage and intent: the hoped-for answer ends a conversation where it is given', () => {
    const report = run(salesTemplate, {
      default: { answers: [{ probability: 1, delay: after(5) }] },
      stages: { consideration: { answers: [{ intent: 'accept_proposal', probability: 1, delay: after(5) }] } },
    });
    expect(report.results).toEqual([{ result: 'success', reason: 'specific_response_received', count: 50 }]);
    expect(report.completion.median_hours).toBe(53);
    expect(report.unreachable_stages).toEqual(['decision']);
  });

  it('does not answer twice: a follow-up finds the answer on its way', () => {
    const report = run(salesTemplate, {
      stages: { awareness: { answers: [{ probability: 1, delay: after(100) }] } },
    });
    expect(report.stages[0]).toMatchObject({ messages: 150, responses: 50, advanced: 50 });
    expect(report.responses).toBe(50);
  });

  it('answers follow-ups by their own probability', () => {
    const report = run(salesTemplate, {
      stages: { awareness: { answers: [{ probability: 0, follow_up_probability: 1, delay: after(1) }] } },
    });
    expect(report.stages[0]).toMatchObject({ messages: 100, follow_ups: 50, responses: 50, advanced: 50 });
  });

  it('counts opt-outs and escalations where and when they happen', () => {
    const left = run(salesTemplate, { default: { opt_out: { probability: 1, delay: after(30) } } });
    expect(left.stages[0]).toMatchObject({ entered: 50, opted_out: 50, failed: 0 });
    expect(left.results).toEqual([{ result: 'opted_out', reason: 'opt_out', count: 50 }]);
    const raised = run(ruleTemplate(hybridRule), {});
    expect(raised.escalations).toBe(50);
    expect(raised.days.find(({ day }) => day === 5)?.escalations).toBe(50);
  });

  it('draws fields by weight, and conditions see them', () => {
    const template: CampaignTemplate = {
      ...supportTemplate,
      stages: {
        ask: {
          messages: [{ template: 'How many points?' }],
          progression_rules: {
            response_required: true,
            max_stage_duration_hours: 9,
            transitions: [{ condition: 'response.rating < 4', to: 'sorry' }],
            next_stage: 'glad',
          },
        },
        sorry: { messages: [], progression_rules: { next_stage: null } },
        glad: { messages: [] },
      },
      default_initial_stage: 'ask',
    };
    const data = {
      rating: [
        { value: 2, weight: 1 },
        { value: 5, weight: 3 },
        { value: 3, weight: 0 },
      ],
    };
    const report = run(
      template,
      { default: { answers: [{ probability: 1, delay: after(1), data }] } },
      { recipients: 10_000 },
    );
    expect((report.stages[1]?.entered ?? 0) / 10_000).toBeCloseTo(0.25, 1);
    expect((report.stages[1]?.entered ?? 0) + (report.stages[2]?.entered ?? 0)).toBe(10_000);
  });

  it('answers as often as the model says', () => {
    const report = run(ruleTemplate({ response_required: true, max_stage_duration_hours: 100 }), usual, {
      recipients: 20_000,
    });
    const [stage] = report.stages;
    // 40 % answer; of those 1.8 % only after 100 hours: ln(100 / 12) = 2.12 standard deviations.
    expect((stage?.responses ?? 0) / 20_000).toBeCloseTo(0.4 * 0.982, 2);
    expect((stage?.opted_out ?? 0) / 20_000).toBeCloseTo(0.05, 2);
  });

  it('is the same for the same seed, and another for another', () => {
    const report = run(salesTemplate, usual, { recipients: 500, seed: 42 });
    expect(run(salesTemplate, usual, { recipients: 500, seed: 42 })).toEqual(report);
    expect(run(salesTemplate, usual, { recipients: 500, seed: 43 }).results).not.toEqual(report.results);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('accounts for everybody', () => {
    const report = run(salesTemplate, usual, { recipients: 2000 });
    for (const { entered, advanced, completed, failed, expired, opted_out } of report.stages) {
      expect(advanced + completed + failed + expired + opted_out).toBe(entered);
    }
    expect(report.results.reduce((sum, { count }) => sum + count, 0)).toBe(2000);
    expect(report.days.reduce((sum, { messages }) => sum + messages, 0)).toBe(report.messages.total);
    expect(report.completion.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(2000);
  });

  it.each([
    ['from its start_date', { start_date: '2030-01-01T00:00:00Z', end_date: '2030-01-03T12:00:00Z' }, undefined, 60],
    [
      'from a later launch',
      { start_date: '2030-01-01T00:00:00Z', end_date: '2030-01-03T12:00:00Z' },
      '2030-01-02T00:00:00Z',
      36,
    ],
    ['from the launch', { end_date: '2030-01-03T12:00:00Z' }, '2030-01-03T00:00:00Z', 12],
    ['never, where nothing tells how far off it is', { end_date: '2030-01-03T12:00:00Z' }, undefined, 168],
  ])('ends with the campaign, counted %s', (_, schedule, start, expected) => {
    const campaign = { _id: 'c', name: 'C', template_id: salesTemplate._id, schedule };
    const report = run(salesTemplate, {}, { campaign, ...(start !== undefined && { start }) });
    expect(report.completion.median_hours).toBe(expected);
    expect(report.results[0]?.result).toBe(expected === 168 ? 'failed' : 'expired');
  });

  it("begins in the campaign's first stage", () => {
    const campaign = { _id: 'c', name: 'C', template_id: salesTemplate._id, initial_stage: 'decision' };
    expect(run(salesTemplate, {}, { campaign }).unreachable_stages).toEqual(['awareness', 'consideration']);
  });
});
