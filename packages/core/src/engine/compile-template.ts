import type { CampaignTemplate, Stage, TemplateMessage } from '../schemas/template.js';
import { compileCondition } from './condition.js';
import { compileText } from './text.js';
import type { CompiledCondition, CompiledMessage, CompiledStage, CompiledTemplate, CompiledText } from './types.js';

const MS_PER_HOUR = 3_600_000;
/** Steps of a millisecond in which instants are counted: a power of two, so that sums of them are exact. */
const STEPS_PER_MS = 1024;
const DEFAULT_MAX_HOURS = 8760;
const DEFAULT_MAX_VISITS = 10;
const DEFAULT_ESCALATION_ACTION = 'notify_manager';

/** Thrown when a template that was not validated before is compiled. */
export class TemplateCompileError extends Error {
  override readonly name = 'TemplateCompileError';
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}

/**
 * Prepares a validated template for decisions: texts and conditions parsed, every `*_hours` turned into
 * milliseconds and multiplied by `factor` (design, section 4, "Time"), defaults filled in.
 * @throws TemplateCompileError where a text or a condition does not parse.
 */
export function compileTemplate(template: CampaignTemplate, factor: number): CompiledTemplate {
  const order = template.stage_order ?? Object.keys(template.stages);
  const stages = new Map<string, CompiledStage>();
  for (const name of order) {
    const stage = template.stages[name];
    if (stage) stages.set(name, compileStage(name, stage, factor));
  }
  return {
    id: template._id,
    name: template.name,
    factor,
    order,
    stages,
    initial_stage: template.default_initial_stage ?? order[0] ?? '',
    all_stages_completed: template.completion_conditions?.all_stages_completed === true,
    completing_intent: template.completion_conditions?.specific_response_received ?? null,
    default_max_ms: hoursToMs(DEFAULT_MAX_HOURS, factor),
  };
}

/**
 * Hours of a template in milliseconds of the clock, in steps of 1/1024 ms. What falls on the same instant is then the same
 * number, whatever the factor: 24 h x 0.001 and 0.024 h would else differ in the last digit, and rules on order with them.
 */
export function hoursToMs(hours: number, factor = 1): number {
  return Math.round(hours * MS_PER_HOUR * factor * STEPS_PER_MS) / STEPS_PER_MS;
}

function compileStage(name: string, stage: Stage, factor: number): CompiledStage {
  const rules = stage.progression_rules ?? {};
  const path = `$.stages.${name}`;
  const ms = (hours: number) => hoursToMs(hours, factor);
  return {
    name,
    title: stage.name ?? name,
    messages: stage.messages.map((message, i) =>
      compileMessage(message, `${path}.messages[${i}]`, rules.max_follow_ups, ms),
    ),
    response_required: rules.response_required ?? false,
    specific_response: rules.specific_response_required ?? null,
    min_responses: rules.min_responses_required ?? 1,
    min_ms: ms(rules.min_stage_duration_hours ?? 0),
    max_ms:
      rules.max_stage_duration_hours === undefined ? Number.POSITIVE_INFINITY : ms(rules.max_stage_duration_hours),
    max_follow_ups: rules.max_follow_ups ?? Number.POSITIVE_INFINITY,
    exhausts_after: rules.max_follow_ups !== undefined && rules.max_follow_ups > 0 ? rules.max_follow_ups : null,
    advance_on_failure: rules.advance_on_failure ?? false,
    auto_advance: rules.auto_advance_after_max_duration ?? false,
    escalation_after_ms: rules.escalation_after_hours === undefined ? null : ms(rules.escalation_after_hours),
    escalation_action: rules.escalation_action ?? DEFAULT_ESCALATION_ACTION,
    transitions: (rules.transitions ?? []).map(({ condition, to }, i) => ({
      condition: conditionAt(`${path}.progression_rules.transitions[${i}].condition`, condition),
      to,
    })),
    next_stage: rules.next_stage,
    max_visits: stage.max_visits ?? DEFAULT_MAX_VISITS,
  };
}

function compileMessage(
  message: TemplateMessage,
  path: string,
  stageFollowUps: number | undefined,
  ms: (hours: number) => number,
): CompiledMessage {
  const timing = message.timing ?? {};
  return {
    subject: message.subject === undefined ? null : textAt(`${path}.subject`, message.subject),
    text: textAt(`${path}.template`, message.template),
    conditional: (message.conditional_templates ?? []).map(({ condition, template }, i) => ({
      condition: conditionAt(`${path}.conditional_templates[${i}].condition`, condition),
      text: textAt(`${path}.conditional_templates[${i}].template`, template),
    })),
    follow_up_texts: (message.follow_up_templates ?? []).map((source, i) =>
      textAt(`${path}.follow_up_templates[${i}]`, source),
    ),
    delay_ms: ms(timing.delay_hours ?? 0),
    max_follow_ups: timing.max_follow_ups ?? (stageFollowUps === undefined ? 0 : Number.POSITIVE_INFINITY),
    follow_up_delay_ms: ms(timing.follow_up_delay_hours ?? 0),
  };
}

function textAt(path: string, source: string): CompiledText {
  const compiled = compileText(source);
  if (!compiled.ok) throw new TemplateCompileError(path, compiled.message);
  return compiled.text;
}

function conditionAt(path: string, source: string): CompiledCondition {
  const compiled = compileCondition(source);
  if (!compiled.ok) throw new TemplateCompileError(path, compiled.message);
  return compiled.condition;
}
