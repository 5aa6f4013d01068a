import type { ConversationEvent, ConversationState } from '../engine/types.js';
import type { ConversationDocument, StoredEvent } from '../models/documents.js';

/** What a decision reads and changes of a conversation. */
export type DecidedConversation = Omit<ConversationDocument, 'recent_events' | 'reply_id' | 'fence'>;

/** A conversation as a decision needs it: of its history only how long it is. */
export type SeenConversation = DecidedConversation & { readonly recent_events: readonly Pick<StoredEvent, 'n'>[] };

/** History that stays in the conversation; what is older moves out before the write that drops it. */
const RECENT_EVENTS = 50;
const SPILL_ABOVE = 80;

/** What a decision changes in the stored conversation, as data. */
export interface ConversationChange {
  readonly id: string;
  /** The version that is compared, and counted up by one. */
  readonly seenVersion: number;
  readonly set: Readonly<Record<string, unknown>>;
  readonly unset: readonly string[];
  /** What happened, added to the history. */
  readonly events: readonly StoredEvent[];
  /** Events of the stored history that stay; null: all of them. */
  readonly keep: number | null;
}

/** Every field that belongs to the engine; the type makes sure that none is forgotten. */
const ENGINE_FIELDS = Object.keys({
  status: 1,
  result: 1,
  reason: 1,
  current_stage: 1,
  stage_visit: 1,
  stage_entered_at: 1,
  visit: 1,
  visits: 1,
  latest_response: 1,
  response_fields: 1,
  response_count: 1,
  escalation: 1,
  held: 1,
  context: 1,
  inbox: 1,
  applied_event_ids: 1,
  outbox: 1,
  next_action_at: 1,
} satisfies Record<keyof ConversationState, 1>) as readonly (keyof ConversationState)[];

/** The fields that a decision reads, as a projection. */
export const SEEN_FIELDS: Readonly<Record<string, 1>> = {
  ...Object.fromEntries(ENGINE_FIELDS.map((field) => [field, 1])),
  campaign_id: 1,
  recipient_id: 1,
  version: 1,
  tries: 1,
  'recent_events.n': 1,
};

/**
 * What `state` changes in the conversation that was seen. The engine keeps the objects that it leaves alone, so what is
 * not the same object counts as changed. Tries end with a decision. Pure.
 */
export function conversationChange(
  seen: SeenConversation,
  state: ConversationState,
  events: readonly ConversationEvent[],
): ConversationChange {
  const changed = ENGINE_FIELDS.filter((field) => state[field] !== seen[field]);
  const version = seen.version + 1;
  return {
    id: seen._id,
    seenVersion: seen.version,
    set: {
      ...Object.fromEntries(
        changed.filter((field) => state[field] !== undefined).map((field) => [field, state[field]]),
      ),
      ...(seen.tries !== 0 && { tries: 0 }),
    },
    unset: changed.filter((field) => state[field] === undefined),
    events: events.map((event, n): StoredEvent => ({ ...event, v: version, n })),
    keep: hasLongHistory(seen) ? RECENT_EVENTS : null,
  };
}

/** Whether old history has to move out before the next write. Pure. */
export function hasLongHistory({ recent_events }: SeenConversation): boolean {
  return Array.isArray(recent_events) && recent_events.length > SPILL_ABOVE;
}

/** The part of a long history that moves out. Pure. */
export function movingOut(history: readonly StoredEvent[]): readonly StoredEvent[] {
  return history.slice(0, -RECENT_EVENTS);
}
