import { block } from './complete.js';
import { type Draft, patch } from './draft.js';
import { CUSTOM, successor } from './stages.js';
import type { CompiledStage, Evaluation, Progression } from './types.js';

/** How the look at a stage visit ends; null: the visit goes on. */
export type Verdict =
  /** Nothing more is done now: something on its way must arrive first, or the conversation was blocked. */
  | { readonly kind: 'wait' }
  /** `to` where it was settled already; else the rules of branching say what follows. */
  | { readonly kind: 'advance'; readonly reason: string; readonly failed: boolean; readonly to?: string | null }
  | { readonly kind: 'fail'; readonly reason: string };

type Answer = Extract<Progression, { kind: 'answer' }>;

/**
 * Gives the verdict of custom logic the place of the standard one (design, section 4, "Custom logic"). Where both say the
 * same, the standard verdict with its reason stays, and only the context is taken over. Without custom logic in the
 * input, nothing happens here.
 */
export function consult(draft: Draft, stage: CompiledStage, standard: Verdict | null): Verdict | null {
  const { progressions } = draft.input;
  if (!progressions) return standard;
  const evaluation = evaluate(draft, stage, standard);
  draft.evaluations?.push(evaluation);
  const progression = progressions.find((given) => given.stage === stage.name && given.visit === evaluation.visit);
  if (!progression) return standard;
  if (progression.kind === 'fault') return blocked(draft, progression.reason);
  const { progress, next_stage, context } = progression;
  if (progress && next_stage !== null && !draft.input.template.stages.has(next_stage)) {
    return blocked(draft, `custom_logic_unknown_stage: ${next_stage}`);
  }
  if (context) patch(draft, { context });
  return settled(draft, evaluation, standard, progression);
}

function evaluate(draft: Draft, stage: CompiledStage, standard: Verdict | null): Evaluation {
  const { state } = draft;
  return {
    stage: stage.name,
    visit: state.stage_visit,
    progress: standard !== null && standard.kind !== 'wait',
    next_stage: standard?.kind === 'advance' ? successor(draft, stage) : null,
    state,
  };
}

function blocked(draft: Draft, reason: string): Verdict {
  block(draft, reason);
  return { kind: 'wait' };
}

function settled(draft: Draft, evaluation: Evaluation, standard: Verdict | null, answer: Answer): Verdict | null {
  if (!answer.progress) {
    draft.heldBack = evaluation.progress;
    return evaluation.progress ? null : standard;
  }
  if (!evaluation.progress || answer.next_stage !== evaluation.next_stage) {
    return { kind: 'advance', reason: CUSTOM, failed: false, to: answer.next_stage };
  }
  // The context that came with the answer must not lead the transitions elsewhere.
  return standard?.kind === 'advance' ? { ...standard, to: answer.next_stage } : standard;
}
