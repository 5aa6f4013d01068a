import {
  brief,
  hybridRule,
  ruleTemplate,
  salesTemplate,
  scenarioOf,
  supportTemplate,
  timeBasedRule,
} from './fixtures/sample-scenarios.js';
import { simulateScenario } from './simulate-scenario.js';

const template = ruleTemplate(timeBasedRule);
const told = (...args: Parameters<typeof scenarioOf>) => simulateScenario(scenarioOf(...args)).map(brief);

describe('simulateScenario', () => {
  it('prints what a reader of the JSON needs, and nothing else', () => {
    const withEscalation = ruleTemplate({ ...hybridRule, max_stage_duration_hours: 120.5 });
    expect(simulateScenario(scenarioOf(withEscalation, { ada: [[1.0000004]] }))).toEqual([
      { at_hours: 0, recipient: 'ada', event: 'entered', stage: 'rule' },
      { at_hours: 0, recipient: 'ada', event: 'sent', stage: 'rule', message_index: 0, follow_up: 0, text: 'Hello' },
      { at_hours: 1, recipient: 'ada', event: 'response', stage: 'rule' },
      { at_hours: 120, recipient: 'ada', event: 'escalated', stage: 'rule', action: 'notify_manager' },
      {
        at_hours: 120.5,
        recipient: 'ada',
        event: 'completed',
        stage: 'rule',
        result: 'failed',
        reason: 'max_duration',
      },
    ]);
    const [advanced] = simulateScenario(scenarioOf(template, { ada: [] })).filter(({ event }) => event === 'advanced');
    expect(advanced).toEqual({
      at_hours: 72,
      recipient: 'ada',
      event: 'advanced',
      stage: 'rule',
      to_stage: 'last',
      reason: 'max_duration',
    });
  });

  it('orders equal times by recipient as given, then by visit, then by kind', () => {
    const events = simulateScenario(scenarioOf(template, { zoe: [], ada: [] }));
    expect(events.map((event) => `${event.recipient} ${brief(event)}`)).toEqual([
      'zoe 0 entered rule',
      'zoe 0 sent rule 0+0',
      'ada 0 entered rule',
      'ada 0 sent rule 0+0',
      'zoe 72 advanced rule last max_duration',
      'zoe 72 entered last',
      'zoe 72 sent last 0+0',
      'zoe 72 completed last success all_stages_completed',
      'ada 72 advanced rule last max_duration',
      'ada 72 entered last',
      'ada 72 sent last 0+0',
      'ada 72 completed last success all_stages_completed',
    ]);
  });

  it('orders the visits of a loop as they follow each other, at the same instant as well', () => {
    const loop = {
      ...template,
      stages: {
        rule: { messages: [{ template: 'A' }], max_visits: 2, progression_rules: { next_stage: 'last' } },
        last: { messages: [{ template: 'B' }], max_visits: 2, progression_rules: { next_stage: 'rule' } },
      },
    };
    expect(told(loop, { ada: [] })).toEqual([
      '0 entered rule',
      '0 sent rule 0+0',
      '0 advanced rule last messages_sent',
      '0 entered last',
      '0 sent last 0+0',
      '0 advanced last rule messages_sent',
      '0 entered rule',
      '0 sent rule 0+0',
      '0 advanced rule last messages_sent',
      '0 entered last',
      '0 sent last 0+0',
      '0 completed last failed loop_limit',
    ]);
  });

  it('orders by the hours that it prints: an answer a millisecond after the message stands before it', () => {
    expect(told(template, { ada: [[0.0000003]] }, { until_hours: 24 }).slice(0, 4)).toEqual([
      '0 entered rule',
      '0 response rule',
      '0 sent rule 0+0',
      '24 advanced rule last response',
    ]);
  });

  it('runs with the recipients that the campaign lists, or with all', () => {
    const of = (recipients?: string[]) =>
      new Set(
        simulateScenario(
          scenarioOf(template, { ada: [], bob: [], cyd: [] }, { campaign: recipients ? { recipients } : {} }),
        ).map(({ recipient }) => recipient),
      );
    expect(of(['cyd', 'ada'])).toEqual(new Set(['ada', 'cyd']));
    expect(of([])).toEqual(new Set(['ada', 'bob', 'cyd']));
    expect(of()).toEqual(new Set(['ada', 'bob', 'cyd']));
  });

  it.each([0.001, 0.0007, 1 / 3, 2.5])('stretches the template by %d, not the hours of the scenario', (factor) => {
    const at = (hours: number) => Math.round(hours * factor * 1e6) / 1e6;
    expect(told(template, { ada: [[at(10)]] }, { factor })).toEqual([
      '0 entered rule',
      '0 sent rule 0+0',
      `${at(10)} response rule`,
      `${at(24)} advanced rule last response`,
      `${at(24)} entered last`,
      `${at(24)} sent last 0+0`,
      `${at(24)} completed last success all_stages_completed`,
    ]);
  });

  it.each([0.001, 0.0007, 0.00001, 1.1])(
    'hears an answer at the very maximum first, at factor %d as well',
    (factor) => {
      const maximum = Math.round(72 * factor * 1e6) / 1e6;
      expect(told(template, { ada: [[maximum]] }, { factor })).toContain(`${maximum} advanced rule last response`);
    },
  );

  it('stops at until_hours, which still counts', () => {
    expect(told(template, { ada: [[30]] }, { until_hours: 30 })).toContain('30 advanced rule last response');
    expect(told(template, { ada: [[30]] }, { until_hours: 29.9 })).toEqual(['0 entered rule', '0 sent rule 0+0']);
  });
});

describe('the schedule', () => {
  const schedule = (start_date: string, end_date?: string) => ({
    campaign: { schedule: { start_date, ...(end_date !== undefined && { end_date }) } },
  });

  it("holds a campaign back until its start_date; answers before it are nobody's", () => {
    const later = schedule('2030-01-08T09:00:00Z');
    expect(told(template, { ada: [[10], [34]] }, later)).toEqual([
      '24 entered rule',
      '24 sent rule 0+0',
      '34 response rule',
      '48 advanced rule last response',
      '48 entered last',
      '48 sent last 0+0',
      '48 completed last success all_stages_completed',
    ]);
    expect(told(template, { ada: [] }, { ...later, until_hours: 23 })).toEqual([]);
  });

  it('lets go at the start whoever opted out before it', () => {
    const more = { ...schedule('2030-01-08T09:00:00Z'), opt_outs: [{ recipient: 'ada', at_hours: 2 }] };
    expect(told(template, { ada: [] }, more)).toEqual(['24 entered rule', '24 completed rule opted_out opt_out']);
  });

  it('ends what is open at the end_date', () => {
    const ends = schedule('2030-01-01T00:00:00Z', '2030-01-09T09:00:00Z');
    expect(told(salesTemplate, { ada: [] }, ends)).toEqual([
      '0 entered awareness',
      '0 sent awareness 0+0',
      '48 completed awareness expired campaign_ended',
    ]);
  });

  it('expires everybody at once, without a message, where the dates have passed', () => {
    const past = schedule('2023-07-01T09:00:00Z', '2023-09-30T23:59:59Z');
    expect(told(salesTemplate, { ada: [] }, past)).toEqual([
      '0 entered awareness',
      '0 completed awareness expired campaign_ended',
    ]);
  });
});

describe('missing variables', () => {
  const bare = { campaign: { context_data: {} } };

  it('block the conversation where the campaign says nothing, until its end', () => {
    const more = { campaign: { context_data: {}, schedule: { end_date: '2030-01-10T09:00:00Z' } } };
    expect(told(supportTemplate, { ada: [[30]] }, more)).toEqual([
      '0 entered initial_followup',
      '24 blocked initial_followup missing_variable: ticket.subject',
      '30 response initial_followup',
      '72 completed initial_followup expired campaign_ended',
    ]);
    expect(told(supportTemplate, { ada: [] }, bare)).toEqual([
      '0 entered initial_followup',
      '24 blocked initial_followup missing_variable: ticket.subject',
    ]);
  });

  it('leave a gap where the campaign says `empty`', () => {
    const events = simulateScenario(
      scenarioOf(supportTemplate, { ada: [] }, { campaign: { context_data: {}, missing_variables: 'empty' } }),
    );
    expect(events.find(({ event }) => event === 'sent')).toMatchObject({ text: 'Is  solved, ADA?' });
  });
});
