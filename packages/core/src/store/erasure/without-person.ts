import { FAR_FUTURE } from '../../engine/draft.js';
import type { ConversationEvent, ConversationState } from '../../engine/types.js';
import type { ConversationDocument, StoredEvent } from '../../models/documents.js';

/** Details of history that are ours: keys, numbers and names of the template. Everything else may quote somebody. */
const OUR_DETAILS: ReadonlySet<string> = new Set([
  'key',
  'index',
  'ordinal',
  'qualifying',
  'outcome',
  'action',
  'to_stage',
  'duration_ms',
  'result',
  'by',
  'name',
  'to',
  'until',
]);

/** Words of docs/rules.md; mail servers answer in sentences, and what is missing or went wrong has a name behind it. */
const OUR_REASON = /^[a-z_]+$/;
/** Their reasons come from providers and from custom logic. */
const FOREIGN_REASONS: ReadonlySet<ConversationEvent['type']> = new Set(['delivery', 'blocked']);

/** A line of history without what was said: that it happened, when, and in which stage. Pure. */
export function eventWithoutPerson<E extends ConversationEvent>({ reason, detail, ...event }: E): E {
  const ours = Object.entries(detail ?? {}).filter(([name]) => OUR_DETAILS.has(name));
  const keepsReason = reason !== undefined && OUR_REASON.test(reason) && !FOREIGN_REASONS.has(event.type);
  return {
    ...event,
    ...(keepsReason && { reason }),
    ...(ours.length > 0 && { detail: Object.fromEntries(ours) }),
  } as E;
}

/** Why an open conversation ended, and why a reply after it is kept without its words. */
export const ERASED = 'erased';

type Erased = Omit<ConversationState, 'current_stage' | 'stage_visit' | 'stage_entered_at' | 'visit' | 'visits'> &
  Pick<ConversationDocument, 'recent_events' | 'erased_at'>;

/**
 * What a conversation keeps when its recipient is erased: where it was and how it ended, which is what statistics count.
 * One that is open ends as `opted_out`, with nothing left to send. `at` is campaign time, `now` wall clock. Pure.
 */
export function conversationWithoutPerson(seen: ConversationDocument, at: number, now: number): Erased {
  const open = seen.status !== 'completed';
  const history = seen.recent_events.map(eventWithoutPerson);
  const { result = 'opted_out', reason } = open ? { reason: ERASED } : seen;
  return {
    status: 'completed',
    result,
    reason: reason !== undefined && OUR_REASON.test(reason) ? reason : ERASED,
    latest_response: null,
    response_fields: {},
    response_count: seen.response_count,
    escalation: null,
    held: null,
    context: {},
    inbox: [],
    applied_event_ids: [],
    outbox: [],
    recent_events: open ? [...history, endOf(seen, at)] : history,
    next_action_at: FAR_FUTURE,
    erased_at: now,
  };
}

function endOf(
  { version, current_stage, stage_visit, stage_entered_at }: ConversationDocument,
  at: number,
): StoredEvent {
  return {
    at,
    type: 'completed',
    stage: current_stage,
    visit: stage_visit,
    reason: ERASED,
    detail: { result: 'opted_out', duration_ms: at - stage_entered_at },
    v: version + 1,
    n: 0,
  };
}

const RESPONSE_FIELDS = ['text', 'data', 'intent', 'from_other_address'] as const;

/** What a reply says of somebody, for filters and updates. */
export const PERSONAL_RESPONSE = {
  present: RESPONSE_FIELDS.map((field) => ({ [field]: { $exists: true } })),
  unset: Object.fromEntries(RESPONSE_FIELDS.map((field) => [field, ''])),
} as const;
