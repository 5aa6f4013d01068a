import fc from 'fast-check';
import { checkScenario } from '../schemas/check-scenario.js';
import type { Scenario } from '../schemas/scenario.js';
import { sourceChecks } from './fixtures/sample-scenarios.js';
import { simulateScenario } from './simulate-scenario.js';

const RECIPIENTS = ['ada', 'bob', 'cyd'];
const STAGES = ['one', 'two', 'three'];
const INTENTS = ['yes', 'no', 'later'];
const LATEST_HOUR = 300;

const hours = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 60, noNaN: true }));
const optional = { requiredKeys: [] };

const message = fc
  .record({
    template: fc.constantFrom('Hello', 'Hello {{recipient.first_name}}', '{{response.rating}}', '{{a.b}}'),
    timing: fc.record({ delay_hours: hours, max_follow_ups: fc.nat(2) }, optional),
    delay: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ template, timing, delay }) => ({ template, timing: { ...timing, follow_up_delay_hours: delay } }));

const rules = fc
  .record(
    {
      response_required: fc.boolean(),
      specific_response_required: fc.constantFrom(...INTENTS),
      min_responses_required: fc.integer({ min: 1, max: 2 }),
      min_stage_duration_hours: hours,
      max_stage_duration_hours: hours,
      max_follow_ups: fc.nat(3),
      advance_on_failure: fc.boolean(),
      auto_advance_after_max_duration: fc.boolean(),
      escalation_after_hours: hours,
      next_stage: fc.constantFrom(...STAGES, null),
      transitions: fc.array(
        fc.record({
          condition: fc.constantFrom("response.intent == 'no'", 'response.rating > 2', 'conversation.visit < 2'),
          to: fc.constantFrom(...STAGES, null),
        }),
        { maxLength: 2 },
      ),
    },
    optional,
  )
  .map(({ max_stage_duration_hours: max, ...rest }) => ({
    ...rest,
    ...(max !== undefined && { max_stage_duration_hours: max + (rest.min_stage_duration_hours ?? 0) }),
  }));

const stage = fc.record({
  messages: fc.array(message, { maxLength: 2 }),
  progression_rules: rules,
  max_visits: fc.integer({ min: 1, max: 4 }),
});

const recipient = fc.constantFrom(...RECIPIENTS);
const at_hours = fc.oneof(
  fc.integer({ min: 0, max: LATEST_HOUR }),
  fc.double({ min: 0, max: LATEST_HOUR, noNaN: true }),
);

const scenarios = fc
  .record(
    {
      stages: fc.record({ one: stage, two: stage, three: stage }),
      completing: fc.option(fc.constantFrom(...INTENTS), { nil: undefined }),
      missing: fc.constantFrom('error', 'empty'),
      schedule: fc.constantFrom({}, { start_date: '2030-01-02T00:00:00Z' }, { end_date: '2030-01-05T00:00:00Z' }),
      responses: fc.array(
        fc.record(
          { recipient, at_hours, intent: fc.constantFrom(...INTENTS), data: fc.record({ rating: fc.nat(5) }) },
          { requiredKeys: ['recipient', 'at_hours'] },
        ),
        { maxLength: 12 },
      ),
      opt_outs: fc.array(fc.record({ recipient, at_hours }), { maxLength: 1 }),
      factor: fc.constantFrom(1, 0.001, 0.37, 3),
      until_hours: at_hours,
    },
    { requiredKeys: ['stages', 'missing', 'schedule', 'responses', 'opt_outs'] },
  )
  .map(({ stages, completing, missing, schedule, ...rest }): unknown => ({
    ...rest,
    template: {
      _id: 't',
      name: 'T',
      type: 'sales',
      stages,
      ...(completing !== undefined && { completion_conditions: { specific_response_received: completing } }),
    },
    campaign: { _id: 'c', name: 'C', template_id: 't', missing_variables: missing, schedule },
    recipients: RECIPIENTS.map((_id) => ({ _id })),
    start: '2030-01-01T00:00:00Z',
  }));

/** Runs the property on what validation lets pass, and says how many that were. */
function onValidated(property: (scenario: Scenario) => void, numRuns = 400): number {
  let validated = 0;
  fc.assert(
    fc.property(scenarios, (made) => {
      const checked = checkScenario(freeze(JSON.parse(JSON.stringify(made))), sourceChecks);
      if (!checked.ok) return;
      validated += 1;
      property(checked.value);
    }),
    { numRuns },
  );
  return validated;
}

describe('every validated scenario', () => {
  it('has a timeline: hours never go back, visits begin with an entry, nothing follows the end', () => {
    const validated = onValidated((scenario) => {
      const events = simulateScenario(scenario);
      const hoursOfAll = events.map((event) => event.at_hours);
      expect(hoursOfAll).toEqual([...hoursOfAll].sort((a, b) => a - b));
      for (const event of events) {
        expect(event.at_hours).toBe(Number(event.at_hours.toFixed(6)));
        expect(event.at_hours).toBeLessThanOrEqual(Number((scenario.until_hours ?? Number.MAX_VALUE).toFixed(6)));
      }
      for (const name of RECIPIENTS) expectOneLife(events.filter((event) => event.recipient === name));
    });
    expect(validated).toBeGreaterThan(200);
  });

  it('ends for everybody, unless it is cut or blocked', () => {
    onValidated(({ until_hours: _, ...scenario }) => {
      const events = simulateScenario(scenario);
      for (const name of RECIPIENTS) {
        const kinds = events.filter((event) => event.recipient === name).map(({ event }) => event);
        expect(kinds.filter((kind) => kind === 'completed' || kind === 'blocked')).not.toEqual([]);
      }
    });
  });

  it("tells each recipient's story as if there were no other", () => {
    onValidated((scenario) => {
      const all = simulateScenario(scenario);
      for (const name of RECIPIENTS) {
        const alone = simulateScenario({ ...scenario, campaign: { ...scenario.campaign, recipients: [name] } });
        expect(alone).toEqual(all.filter((event) => event.recipient === name));
      }
    }, 150);
  });
});

function expectOneLife(events: ReturnType<typeof simulateScenario>): void {
  let stage: string | undefined;
  let end: number | undefined;
  for (const event of events) {
    // A conversation that is blocked and ended at the same hour is told in the order of equal times: blocked comes last.
    if (end !== undefined) expect(event).toMatchObject({ event: 'blocked', at_hours: end });
    if (event.event === 'entered') {
      expect([undefined, event.stage]).toContain(stage);
    } else {
      expect(event.stage).toBe(stage);
    }
    stage = event.event === 'advanced' ? event.to_stage : event.stage;
    if (event.event === 'completed') end = event.at_hours;
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
