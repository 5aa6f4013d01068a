import type { DecideInput, Evaluation, Progression } from '../engine/types.js';
import type { StageProgressionState } from './campaign-manager.js';
import { ownContext, sameJson } from './own-context.js';

const MAX_REASON = 300;

/** Turns what custom logic answered, whatever that is, into an argument of the next decision. */
export function toProgression(
  { campaign }: Pick<DecideInput, 'campaign'>,
  evaluation: Evaluation,
  view: StageProgressionState,
  answer: unknown,
): Progression {
  if (!Array.isArray(answer)) return invalid(evaluation, 'expected an array of three');
  const [progress, next = null, updated = {}]: unknown[] = answer;
  if (typeof progress !== 'boolean') return invalid(evaluation, 'shouldProgress must be true or false');
  if (next !== null && typeof next !== 'string') return invalid(evaluation, 'nextStage must be a name or null');
  if (typeof updated !== 'object' || updated === null) return invalid(evaluation, 'updatedState must be an object');
  const { context } = updated as { context?: unknown };
  const { stage, visit } = evaluation;
  const said = { stage, visit, kind: 'answer', progress, next_stage: progress ? next : null } as const;
  if (context === undefined || sameJson(context, view.context)) return said;
  const own = ownContext(context, campaign.context);
  return own.ok ? { ...said, context: own.context } : invalid(evaluation, own.reason);
}

export function fault({ stage, visit }: Evaluation, code: string, detail?: string): Progression {
  const shown = detail !== undefined && detail.length > MAX_REASON ? `${detail.slice(0, MAX_REASON)}...` : detail;
  return { stage, visit, kind: 'fault', reason: shown === undefined ? code : `${code}: ${shown}` };
}

function invalid(evaluation: Evaluation, detail: string): Progression {
  return fault(evaluation, 'custom_logic_invalid_answer', detail);
}
