import { decide } from './decide.js';
import { FAR_FUTURE } from './draft.js';
import { initialState } from './stages.js';
import type {
  ConversationEvent,
  ConversationState,
  DecideInput,
  Decision,
  InboxEvent,
  Send,
  Settlement,
} from './types.js';

export interface RunInput extends Pick<DecideInput, 'conversation_id' | 'template' | 'campaign' | 'recipient'> {
  readonly context: ConversationState['context'];
  /** Campaign time of the entry into the first stage. */
  readonly start: number;
  /** Events that come whatever is sent. */
  readonly events?: readonly InboxEvent[];
  /** What the recipient does about a message that arrived at `at`: events at `at` or later. */
  readonly react?: (send: Send, at: number) => readonly InboxEvent[];
  /** The run stops before anything later than this. */
  readonly until?: number;
}

export interface Run {
  readonly state: ConversationState;
  readonly events: readonly ConversationEvent[];
  readonly sends: readonly (Send & { readonly at: number })[];
}

/**
 * Lives one conversation on a virtual clock, through the same `decide` that runs live: every message is accepted the
 * moment it is sent, and time jumps from one due instant to the next. Pure.
 */
export function runConversation(input: RunInput): Run {
  const first = input.campaign.initial_stage ?? input.template.initial_stage;
  const events: ConversationEvent[] = [{ at: input.start, type: 'entered', stage: first, visit: 1 }];
  const sends: (Send & { at: number })[] = [];
  const pending = [...(input.events ?? [])].sort(byTime);
  let state = initialState(first, input.start, input.context);
  let now = input.start;
  for (;;) {
    const due = Math.min(state.next_action_at, pending[0]?.at ?? FAR_FUTURE);
    if (state.status === 'completed' || due === FAR_FUTURE || due > (input.until ?? FAR_FUTURE)) break;
    now = Math.max(now, due);
    const arrived = pending.splice(0, pending.filter(({ at }) => at <= now).length);
    const decision = step(input, arrived.length === 0 ? state : { ...state, inbox: [...state.inbox, ...arrived] }, now);
    state = decision.state;
    events.push(...decision.events);
    for (const send of decision.sends) {
      sends.push({ ...send, at: now });
      pending.push(...(input.react?.(send, now) ?? []));
    }
    pending.sort(byTime);
  }
  return { state, events, sends };
}

/** Decides at `now` until nothing more follows, since every message that is sent is settled at once. */
function step(
  { conversation_id, template, campaign, recipient }: RunInput,
  before: ConversationState,
  now: number,
): Decision {
  // Written out: a spread of the input costs more than the rest of the loop, and the simulator comes here most often.
  const look = (state: ConversationState) =>
    decide({ conversation_id, template, campaign, recipient, state, settlements: allSent(state), now });
  let decision = look(before);
  const sends = [...decision.sends];
  const events = [...decision.events];
  while (decision.sends.length > 0 && decision.state.status === 'active') {
    decision = look(decision.state);
    sends.push(...decision.sends);
    events.push(...decision.events);
  }
  return { ...decision, sends, events };
}

function allSent(state: ConversationState): ReadonlyMap<string, Settlement> {
  return new Map(state.outbox.map(({ key, decided_at }) => [key, { outcome: 'sent', at: decided_at }]));
}

function byTime(a: InboxEvent, b: InboxEvent): number {
  return a.at - b.at;
}
