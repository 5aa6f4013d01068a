import { type Deadlines, deadlines } from './deadlines.js';
import { type Draft, FAR_FUTURE } from './draft.js';

/** How soon a message whose fate something waits for is looked at again. Real milliseconds. */
const RECHECK_MS = 1000;

/**
 * When the conversation must be looked at again if nothing comes: the earliest deadline ahead. An active conversation
 * always has one, because every stage has a maximum or the campaign has an end (design, section 7, promise 4).
 */
export function nextActionAt(draft: Draft): number {
  const { state, now, input } = draft;
  const end = input.campaign.end_at ?? FAR_FUTURE;
  if (state.status !== 'active') return end;
  const snoozedUntil = state.held?.until ?? null;
  if (snoozedUntil !== null && snoozedUntil > now) return Math.min(end, snoozedUntil);
  const due = deadlines({ ...input, state });
  if (!due) return end;
  const candidates = [end, ...stageInstants(draft, due)];
  return Math.max(now, Math.min(...candidates));
}

function stageInstants(draft: Draft, due: Deadlines): number[] {
  const { state, now } = draft;
  const { stage } = due;
  const taken = state.escalation?.status === 'taken';
  const waitsForResponse = stage.response_required || stage.auto_advance;
  const instants: number[] = [];
  if (due.message) instants.push(due.message.due);
  if (due.escalation !== null) instants.push(due.escalation);
  if (!taken) {
    instants.push(due.lastWordsPending ? recheckAt(draft) : due.max);
    if (due.followUp) instants.push(afterSettlement(draft, due.followUp.due));
    if (due.exhausted !== null && !due.satisfied && stage.response_required) {
      instants.push(afterSettlement(draft, due.exhausted));
    }
  }
  if (waitsForResponse) {
    if (due.satisfied) instants.push(due.min);
  } else if (due.allDecided) {
    instants.push(due.allSettled || due.min > now ? due.min : recheckAt(draft));
  }
  return instants;
}

/** An instant that counts from the latest sending: while that has not left, the ledger says when to look again. */
function afterSettlement(draft: Draft, instant: number): number {
  const unsettled = draft.state.visit.messages.at(-1)?.settled_at === null;
  return unsettled && instant <= draft.now ? recheckAt(draft) : instant;
}

function recheckAt(draft: Draft): number {
  const soon = draft.now + RECHECK_MS;
  const waits = draft.state.outbox.map(({ key }) => {
    const settlement = draft.input.settlements?.get(key);
    return settlement?.outcome === 'open' ? settlement.until : soon;
  });
  return Math.max(soon, ...waits);
}
