import type {
  ConversationEvent,
  ConversationState,
  DecideInput,
  Decision,
  Effect,
  EscalationEffect,
  Evaluation,
  Send,
} from './types.js';

/** The instant of a conversation that nothing but an event can move: the largest date there is. */
export const FAR_FUTURE = 8_640_000_000_000_000;

/**
 * A decision in the making. The steps of `decide` pass it on and replace its state; the state itself is never
 * changed in place, so the input stays as it was.
 */
export interface Draft {
  readonly input: DecideInput;
  readonly now: number;
  state: ConversationState;
  readonly sends: Send[];
  readonly events: ConversationEvent[];
  escalation: EscalationEffect | undefined;
  readonly evaluations: Evaluation[] | undefined;
  /** Custom logic keeps the conversation in a stage that the rules would have left. */
  heldBack: boolean;
}

export function startDraft(input: DecideInput): Draft {
  return {
    input,
    now: input.now,
    state: input.state,
    sends: [],
    events: [],
    escalation: undefined,
    evaluations: input.progressions && [],
    heldBack: false,
  };
}

export function finishDraft(draft: Draft): Decision {
  const { state, events, escalation, evaluations } = draft;
  const keys = new Set(state.outbox.map(({ key }) => key));
  const sends = draft.sends.filter(({ effect }) => keys.has(effect.key)); // not those that it withdrew again
  return { state, sends, events, ...(escalation && { escalation }), ...(evaluations && { evaluations }) };
}

export function patch(draft: Draft, change: Partial<ConversationState>): void {
  draft.state = { ...draft.state, ...change };
}

export function patchVisit(draft: Draft, change: Partial<ConversationState['visit']>): void {
  patch(draft, { visit: { ...draft.state.visit, ...change } });
}

/** Adds a line of history at the draft's present stage and visit. */
export function note(
  draft: Draft,
  type: ConversationEvent['type'],
  more: Pick<ConversationEvent, 'reason' | 'detail'> & { at?: number } = {},
): void {
  const { at = draft.now, ...rest } = more;
  draft.events.push({ at, type, stage: draft.state.current_stage, visit: draft.state.stage_visit, ...rest });
}

/** Withdraws decided messages that have not left: gone from the outbox, the gate will not let them pass. */
export function voidMessages(draft: Draft, reason: string, which: (effect: Effect) => boolean): void {
  const voided = draft.state.outbox.filter((effect) => effect.kind === 'message' && which(effect));
  if (voided.length === 0) return;
  patch(draft, { outbox: draft.state.outbox.filter((effect) => !voided.includes(effect)) });
  for (const { key } of voided) note(draft, 'voided', { reason, detail: { key } });
}
