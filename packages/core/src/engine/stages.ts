import { block, closeEscalation, complete } from './complete.js';
import { type Draft, note, patch, voidMessages } from './draft.js';
import type { CompiledStage, ConversationState, VisitProgress } from './types.js';
import { conditionVariables } from './variables.js';

/** Reason of what custom logic decided. */
export const CUSTOM = 'custom';

const FRESH_VISIT: VisitProgress = {
  late_ms: 0,
  held_ms: 0,
  messages: [],
  follow_ups: 0,
  responses: 0,
  follow_ups_from: null,
  escalated: false,
};

/**
 * Leaves the present stage and enters the next: the first true transition, else `next_stage`, else the order of
 * the stages; where none follows, the conversation completes (design, section 4, "Branching", "Completion").
 */
export function changeStage(draft: Draft, reason: string, how: { failed: boolean; to?: string | null }): void {
  const from = draft.input.template.stages.get(draft.state.current_stage);
  const to = how.to !== undefined ? how.to : from ? successor(draft, from) : null;
  if (to === null) return completeAfterLastStage(draft, reason, how.failed);
  const next = draft.input.template.stages.get(to);
  if (!next) return block(draft, `unknown_stage: ${to}`);
  if (visitsOf(draft.state, to) >= next.max_visits) return complete(draft, 'failed', 'loop_limit');
  closeEscalation(draft, 'advanced');
  voidMessages(draft, 'advanced', (effect) => effect.kind === 'message' && effect.ordinal > 0);
  const duration_ms = draft.now - draft.state.stage_entered_at;
  note(draft, 'advanced', { reason, detail: { to_stage: to, duration_ms } });
  enter(draft, to);
}

/** What follows a stage by the rules: the first true transition, else `next_stage`, else the next in order; null: the end. */
export function successor(draft: Draft, from: CompiledStage): string | null {
  const variables = conditionVariables(draft.input, draft.state);
  const transition = from.transitions.find(({ condition }) => condition.test(variables));
  if (transition) return transition.to;
  if (from.next_stage !== undefined) return from.next_stage;
  const { order } = draft.input.template;
  return order[order.indexOf(from.name) + 1] ?? null;
}

function completeAfterLastStage(draft: Draft, reason: string, failed: boolean): void {
  const { completing_intent, all_stages_completed } = draft.input.template;
  if (failed) return complete(draft, 'failed', 'advance_on_failure');
  const unmet = completing_intent !== null && !all_stages_completed;
  if (reason === CUSTOM) return complete(draft, unmet ? 'failed' : 'success', CUSTOM);
  if (unmet) {
    return complete(draft, 'failed', 'specific_response_not_received');
  }
  complete(draft, 'success', 'all_stages_completed');
}

function enter(draft: Draft, stage: string): void {
  const count = visitsOf(draft.state, stage) + 1;
  const others = draft.state.visits.filter((visit) => visit.stage !== stage);
  patch(draft, {
    current_stage: stage,
    stage_visit: count,
    stage_entered_at: draft.now,
    visit: FRESH_VISIT,
    visits: [...others, { stage, count }],
    held: null,
  });
  note(draft, 'entered');
}

function visitsOf(state: ConversationState, stage: string): number {
  return state.visits.find((visit) => visit.stage === stage)?.count ?? 0;
}

/** The state of a conversation that enters its first stage at `enteredAt` (campaign time). */
export function initialState(
  stage: string,
  enteredAt: number,
  context: ConversationState['context'],
): ConversationState {
  return {
    status: 'active',
    current_stage: stage,
    stage_visit: 1,
    stage_entered_at: enteredAt,
    visit: FRESH_VISIT,
    visits: [{ stage, count: 1 }],
    latest_response: null,
    response_fields: {},
    response_count: 0,
    escalation: null,
    held: null,
    context,
    inbox: [],
    applied_event_ids: [],
    outbox: [],
    next_action_at: enteredAt,
  };
}
