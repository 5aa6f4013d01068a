import { awaiting } from './explain-awaiting.js';
import { bringUpToDate, type Future, react, runForward } from './explain-future.js';
import { knownIntents } from './explain-intents.js';
import { because, quoted } from './explain-reasons.js';
import { endsHow, explainEvents, stageName } from './explain-sentences.js';
import type { ExplainedResponse, ExplainInput, Explanation } from './explain-types.js';
import type { ConversationEvent, ConversationState, InboxEvent } from './types.js';

/** Events of the future that are told one by one. */
const NEXT_EVENTS = 8;
const THEN_EVENTS = 6;

/**
 * Explains a conversation: what was decided and why, what it waits for, what comes next if nothing comes, and what each
 * possible response would do. The future is found by the same `decide` that runs live, from the present state on; every
 * message counts as accepted, and custom logic is not asked. Pure. Design, sections 1 and 4.
 */
export function explain(input: ExplainInput): Explanation {
  const { state, conversation_id, now, wallClock } = input;
  const present = bringUpToDate(input);
  const ahead = runForward(input, present.state, () => false);
  const future = explainEvents(input, [...present.events, ...ahead.events]);
  const end = future.findLast(({ type }) => type === 'completed');
  return {
    conversation_id,
    at: wallClock?.(now) ?? now,
    status: state.status,
    ...(state.result !== undefined && { result: state.result }),
    ...(state.reason !== undefined && { reason: state.reason }),
    stage: state.current_stage,
    visit: state.stage_visit,
    summary: summary(input, state),
    history: explainEvents(input, input.history),
    awaiting: awaiting(input, present.state),
    next: future.slice(0, NEXT_EVENTS),
    ...(end && { end }),
    responses: present.state.status === 'completed' ? [] : responses(input, present.state),
  };
}

function summary(
  input: ExplainInput,
  { status, result, reason, current_stage, stage_visit }: ConversationState,
): string {
  const stage = stageName(input, current_stage, stage_visit);
  const why = because(reason, input.template);
  if (status === 'completed') return `The conversation ${endsHow(result ?? 'failed')} in the stage ${stage}, ${why}.`;
  return `The conversation is ${status} in the stage ${stage}${why && `, ${why}`}.`;
}

function responses(input: ExplainInput, state: ConversationState): readonly ExplainedResponse[] {
  const reply = (intent?: string) => tell(input, effectOf(input, state, replyOf(input.now, intent)));
  const other = reply();
  const groups = new Map<string, { intents: string[]; told: Told }>([[signature(other), { intents: [], told: other }]]);
  for (const intent of knownIntents(input.template)) {
    const told = reply(intent);
    const group = groups.get(signature(told));
    if (group) group.intents.push(intent);
    else groups.set(signature(told), { intents: [intent], told });
  }
  const [others, ...specific] = [...groups.values()];
  const optOut = tell(input, effectOf(input, state, { id: 'explained', type: 'opt_out', at: input.now }));
  return [
    ...specific.map(({ intents, told }) => ({ kind: 'intent' as const, intents, label: replyWith(intents), ...told })),
    { kind: 'any_other', intents: others?.intents ?? [], label: 'Any other reply', ...other },
    { kind: 'opt_out', intents: [], label: 'An opt-out', ...optOut },
  ];
}

interface Effect {
  readonly atOnce: Future;
  readonly later: Future;
}

function effectOf(input: ExplainInput, state: ConversationState, event: InboxEvent): Effect {
  const atOnce = react(input, state, event);
  const later = runForward(input, atOnce.state, (events) => events.some(isTurn) || events.length >= THEN_EVENTS);
  return { atOnce, later };
}

/** A change of stage, an end or a block: what comes behind it is another story. */
function isTurn({ type }: ConversationEvent): boolean {
  return type === 'advanced' || type === 'completed' || type === 'blocked';
}

type Told = Pick<ExplainedResponse, 'at_once' | 'afterwards'>;

/** The intent is not repeated in the lines: the label tells it, and what has the same effect reads the same. */
function tell(input: ExplainInput, { atOnce, later }: Effect): Told {
  const anonymous = atOnce.events.map((event) =>
    event.type === 'response' ? { ...event, detail: { qualifying: event.detail?.['qualifying'] } } : event,
  );
  const turn = later.events.findIndex(isTurn);
  const shown = turn < 0 ? later.events.slice(0, THEN_EVENTS) : later.events.slice(0, turn + 1);
  return { at_once: explainEvents(input, anonymous), afterwards: explainEvents(input, shown) };
}

function signature(told: Told): string {
  return JSON.stringify(told);
}

function replyOf(at: number, intent: string | undefined): InboxEvent {
  return { id: 'explained', type: 'response', at, ...(intent !== undefined && { intent }) };
}

function replyWith(intents: readonly string[]): string {
  return `A reply with the intent ${intents.map(quoted).join(' or ')}`;
}
