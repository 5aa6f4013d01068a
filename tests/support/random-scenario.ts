import type { CampaignTemplate, ProgressionRules, Scenario, Stage } from '@campaign-manager/core/schemas';
import { createRandom, simulateScenario } from '@campaign-manager/core/simulator';

/** One hour of the templates in real milliseconds. */
export const HOUR_MS = 100;
export const FACTOR = HOUR_MS / 3_600_000;
/** Answers keep this far away from everything else that happens to their conversation. */
const DISTANCE_MS = 2000;
const MS_PER_HOUR = 3_600_000;

/** A random scenario of two stages and a few recipients, whose answers stay clear of every deadline. */
export function randomScenario(seed: number, recipients: number): Scenario {
  const random = createRandom(seed);
  const bare: Scenario = {
    template: randomTemplate(`random_${seed}`, random),
    campaign: { _id: `campaign_${seed}`, name: `Random ${seed}`, template_id: `random_${seed}` },
    recipients: Array.from({ length: recipients }, (_, i) => ({
      _id: `r${seed}_${i}`,
      first_name: `Recipient ${i}`,
      email: `r${seed}_${i}@example.test`,
    })),
    responses: [],
    factor: FACTOR,
    start: '2030-01-01T00:00:00Z',
  };
  return bare.recipients.reduce((scenario, { _id }) => withAnswers(scenario, _id, random), bare);
}

function randomTemplate(id: string, random: () => number): CampaignTemplate {
  const specific = random() < 0.5;
  return {
    _id: id,
    name: id,
    type: 'random',
    stages: { first: randomStage(random), second: randomStage(random) },
    completion_conditions: {
      all_stages_completed: random() < 0.5,
      ...(specific && { specific_response_received: 'deal' }),
    },
  };
}

function randomStage(random: () => number): Stage {
  const followUps = Math.floor(random() * 3);
  const first = {
    template: 'Hello {{recipient.first_name}}, this is the first message.',
    timing: { delay_hours: pick(random, [0, 10]), max_follow_ups: followUps, follow_up_delay_hours: 45 },
  };
  const second = { template: 'This is the second one.', timing: { delay_hours: 60 } };
  return { messages: random() < 0.3 ? [first, second] : [first], progression_rules: randomRules(random) };
}

function randomRules(random: () => number): ProgressionRules {
  const max = pick(random, [110, 130]);
  const kind = pick(random, ['time', 'wait', 'response', 'intent', 'hybrid'] as const);
  const times = { min_stage_duration_hours: pick(random, [0, 15]), max_stage_duration_hours: max };
  const failure = random() < 0.5 ? { advance_on_failure: true } : {};
  switch (kind) {
    case 'time':
      return { ...times, response_required: false };
    case 'wait':
      return { ...times, response_required: false, auto_advance_after_max_duration: true };
    case 'response':
      return { ...times, ...failure, response_required: true };
    case 'intent':
      return { ...times, ...failure, response_required: true, specific_response_required: 'yes' };
    default:
      return {
        ...times,
        ...failure,
        response_required: true,
        min_responses_required: 2,
        escalation_after_hours: 75,
        escalation_action: 'notify_manager',
      };
  }
}

/** Up to three answers of one recipient, each placed where the conversation, as it stands without it, is quiet. */
function withAnswers(scenario: Scenario, recipient: string, random: () => number): Scenario {
  let result = scenario;
  let earliest = DISTANCE_MS;
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    const at = quietMoment(result, recipient, earliest, random);
    if (at === null) return result;
    const intent = pick(random, ['yes', 'maybe', 'deal']);
    const response = { recipient, at_hours: at / MS_PER_HOUR, intent };
    result = { ...result, responses: [...(result.responses ?? []), response] };
    earliest = at + DISTANCE_MS;
  }
  return result;
}

function quietMoment(scenario: Scenario, recipient: string, earliest: number, random: () => number): number | null {
  const times = simulateScenario({
    ...scenario,
    recipients: scenario.recipients.filter(({ _id }) => _id === recipient),
  })
    .filter((event) => event.recipient === recipient)
    .map(({ at_hours }) => at_hours * MS_PER_HOUR);
  const end = Math.max(...times);
  const quiet = Array.from({ length: 200 }, () => earliest + random() * (end - earliest))
    .map((at) => Math.round(at / 10) * 10)
    .find((at) => at >= earliest && at < end && times.every((time) => Math.abs(time - at) >= DISTANCE_MS));
  return quiet ?? null;
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}
