import { didYouMean } from './did-you-mean.js';
import { createFault } from './fault.js';
import type { Findings } from './fault-list.js';
import type { Path } from './json-path.js';
import type { ProgressionRules, Stage, Timing } from './template.js';

/** The action that exists without any configuration, and the default. */
export const DEFAULT_ESCALATION_ACTION = 'notify_manager';

/** Names of the configured notifiers, where they are known. */
type Notifiers = readonly string[] | undefined;

/** Durations, follow-ups, escalation and waiting of one stage agree with each other (design, section 4). */
export function checkStageTimes(path: Path, stage: Stage, notifiers: Notifiers, findings: Findings): void {
  const rules = stage.progression_rules ?? {};
  const rulesPath = [...path, 'progression_rules'];
  checkDurations(rulesPath, rules, findings);
  checkWaiting(rulesPath, rules, findings);
  checkEscalation(rulesPath, rules, notifiers, findings);
  for (const [index, message] of stage.messages.entries()) {
    checkFollowUps([...path, 'messages', index, 'timing'], message.timing ?? {}, rules, findings);
  }
}

function checkDurations(path: Path, rules: ProgressionRules, { faults }: Findings): void {
  const { min_stage_duration_hours: min = 0, max_stage_duration_hours: max } = rules;
  if (max === undefined || min <= max) return;
  const expected = `at most the maximum of ${max} hours`;
  faults.add(() =>
    createFault([...path, 'min_stage_duration_hours'], `The minimum of ${min} hours must be ${expected}.`, {
      found: min,
      expected,
    }),
  );
}

function checkWaiting(path: Path, rules: ProgressionRules, { warnings }: Findings): void {
  const { response_required = false, auto_advance_after_max_duration = false } = rules;
  if ((response_required || auto_advance_after_max_duration) && rules.max_stage_duration_hours === undefined) {
    const expected = 'a number of hours';
    warnings.add(() =>
      createFault(
        [...path, 'max_stage_duration_hours'],
        'The stage waits for a response without a maximum; it ends with the campaign, or after 8760 hours where the campaign has no end.',
        { expected },
      ),
    );
  }
  const specific = rules.specific_response_required;
  if (specific !== undefined && !response_required) {
    warnings.add(() =>
      createFault(
        [...path, 'specific_response_required'],
        'A specific response is named, but the stage does not require one: `response_required` is not true.',
        { found: specific },
      ),
    );
  }
}

function checkEscalation(path: Path, rules: ProgressionRules, notifiers: Notifiers, findings: Findings): void {
  const action = rules.escalation_action;
  if (action === undefined) return;
  if (rules.escalation_after_hours === undefined) {
    findings.warnings.add(() =>
      createFault([...path, 'escalation_action'], 'Nothing escalates here: `escalation_after_hours` is missing.', {
        found: action,
      }),
    );
  }
  if (notifiers === undefined) return;
  const known = new Set([DEFAULT_ESCALATION_ACTION, ...notifiers]);
  if (known.has(action)) return;
  findings.faults.add(() =>
    createFault([...path, 'escalation_action'], `No notifier is configured under the name \`${action}\`.`, {
      found: action,
      expected: `one of ${[...known].join(', ')}`,
      hint: didYouMean(action, known),
    }),
  );
}

function checkFollowUps(path: Path, timing: Timing, rules: ProgressionRules, { faults }: Findings): void {
  const allowed = followUpsAllowed(timing, rules);
  const delay = timing.follow_up_delay_hours;
  if (allowed === 0 || (delay !== undefined && delay > 0)) return;
  const given = timing.max_follow_ups === undefined ? "the stage's progression_rules" : 'its timing';
  faults.add(() =>
    createFault(
      [...path, 'follow_up_delay_hours'],
      `The message may have follow-ups (max_follow_ups of ${given}: ${allowed}), so a delay above 0 hours is required.`,
      { ...(delay === undefined ? {} : { found: delay }), expected: 'a number above 0' },
    ),
  );
}

/** The smaller of the two limits; where only one is given, that one; where neither is, none (design, section 4). */
function followUpsAllowed(timing: Timing, rules: ProgressionRules): number {
  if (timing.max_follow_ups === undefined) return rules.max_follow_ups ?? 0;
  return Math.min(timing.max_follow_ups, rules.max_follow_ups ?? timing.max_follow_ups);
}
