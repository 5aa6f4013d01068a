import { type Deadlines, deadlines } from './deadlines.js';
import { type Draft, FAR_FUTURE } from './draft.js';

/**
 * A message whose fate something waits for is looked at again after a second, then after as long as it was waited for
 * already, at most a minute: a delivery that hangs costs little. Real milliseconds.
 */
const RECHECK_MS = 1000;
const MAX_RECHECK_MS = 60_000;
/** How soon custom logic that holds a conversation back is asked again; times the delay factor, but not below a second. */
const HELD_BACK_MS = 3_600_000;

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
  const due = deadlines({ template: input.template, campaign: input.campaign, state });
  if (!due) return end;
  const candidates = [end, ...stageInstants(draft, due)];
  if (draft.heldBack) return Math.min(...candidates.map((at) => (at > now ? at : heldBackUntil(draft))));
  return Math.max(now, Math.min(...candidates));
}

function heldBackUntil({ now, input }: Draft): number {
  return now + Math.max(RECHECK_MS, HELD_BACK_MS * input.template.factor);
}

function stageInstants(draft: Draft, due: Deadlines): number[] {
  const { state, now } = draft;
  const { stage } = due;
  const taken = state.escalation?.status === 'taken';
  const waitsForResponse = stage.response_required || stage.auto_advance;
  const instants: number[] = [];
  if (due.message) instants.push(due.message.due);
  if (due.lastWordsPending && !taken) {
    instants.push(recheckAt(draft)); // the stage is left as soon as they have left, and nothing else begins
  } else {
    if (due.escalation !== null) instants.push(due.escalation);
    if (!taken) instants.push(...patience(draft, due));
  }
  if (waitsForResponse) {
    if (due.satisfied) instants.push(due.min);
  } else if (due.allDecided) {
    instants.push(due.allSettled || due.min > now ? due.min : recheckAt(draft));
  }
  return instants;
}

/** The maximum, and the follow-ups until it. */
function patience(draft: Draft, due: Deadlines): number[] {
  const instants = [due.max];
  if (due.followUp) instants.push(afterSettlement(draft, due.followUp.due));
  if (due.exhausted !== null && !due.satisfied && due.stage.response_required) {
    instants.push(afterSettlement(draft, due.exhausted));
  }
  return instants;
}

/** An instant that counts from the latest sending: while that has not left, the ledger says when to look again. */
function afterSettlement(draft: Draft, instant: number): number {
  const unsettled = draft.state.visit.messages.at(-1)?.settled_at === null;
  return unsettled && instant <= draft.now ? recheckAt(draft) : instant;
}

function recheckAt({ state, input, now }: Draft): number {
  const waits = state.outbox.map(({ key, decided_at }) => {
    const settlement = input.settlements?.get(key);
    if (settlement?.outcome === 'open') return settlement.until;
    return now + Math.min(MAX_RECHECK_MS, now - decided_at);
  });
  return Math.max(now + RECHECK_MS, ...waits);
}
