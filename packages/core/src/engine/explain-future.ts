import { decide } from './decide.js';
import type { ExplainInput } from './explain-types.js';
import type { ConversationEvent, ConversationState, DecideInput, InboxEvent, Settlement } from './types.js';

type Source = Pick<
  ExplainInput,
  'conversation_id' | 'template' | 'campaign' | 'recipient' | 'settlements' | 'state' | 'now'
>;

export interface Future {
  readonly state: ConversationState;
  readonly events: readonly ConversationEvent[];
}

/** Far more than any conversation needs: a template that runs in circles is cut off here. */
const MAX_DECISIONS = 1000;

/** What is due already is done, as the next worker that looks would do it. */
export function bringUpToDate(source: Source): Future {
  const { state, now } = source;
  const isDue = state.status !== 'completed' && (state.next_action_at <= now || state.inbox.length > 0);
  return isDue ? decideAt(source, state, now) : { state, events: [] };
}

/** What an event would do at once. */
export function react(source: Source, state: ConversationState, event: InboxEvent): Future {
  return decideAt(source, { ...state, inbox: [...state.inbox, event] }, source.now);
}

/** Runs a conversation on, without anything coming in, until it has nothing to do or `enough` says so. */
export function runForward(
  source: Source,
  from: ConversationState,
  enough: (events: readonly ConversationEvent[]) => boolean,
): Future {
  const events: ConversationEvent[] = [];
  let state = from;
  let now = source.now;
  for (let decisions = 0; decisions < MAX_DECISIONS && !enough(events); decisions++) {
    if (state.status !== 'active' && source.campaign.end_at === null) break;
    if (state.status === 'completed') break;
    now = Math.max(now, state.next_action_at);
    const step = decideAt(source, state, now);
    events.push(...step.events);
    state = step.state;
  }
  return { state, events };
}

/** Decides until nothing more follows at this instant, since every message that is sent counts as accepted. */
function decideAt(source: Source, before: ConversationState, now: number): Future {
  const { conversation_id, template, campaign, recipient } = source;
  const events: ConversationEvent[] = [];
  let state = before;
  for (;;) {
    const input: DecideInput = { conversation_id, template, campaign, recipient, state, now };
    const decision = decide({ ...input, settlements: accepted(source, state, now) });
    events.push(...decision.events);
    state = decision.state;
    if (decision.sends.length === 0 || state.status !== 'active') return { state, events };
  }
}

/** What the ledger knows; what it does not know yet is taken to be accepted by the time of the decision. */
function accepted(source: Source, { outbox }: ConversationState, now: number): ReadonlyMap<string, Settlement> {
  return new Map(
    outbox.map(({ key, decided_at }): [string, Settlement] => {
      const known = source.settlements?.get(key);
      if (known && known.outcome !== 'open') return [key, known];
      const leaves = Math.max(decided_at, known ? known.until : source.now);
      return [key, { outcome: 'sent', at: Math.min(now, leaves) }];
    }),
  );
}
