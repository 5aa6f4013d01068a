import type { ConversationEvent, ConversationState } from '../engine/types.js';
import type { ConversationDocument, StoredEvent } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

export interface DecisionToCommit {
  /** The document as it was loaded: its version is compared. */
  readonly seen: ConversationDocument;
  readonly state: ConversationState;
  readonly events: readonly ConversationEvent[];
}

/** History that stays in the conversation; what is older moves out before the write that drops it. */
const RECENT_EVENTS = 50;
const SPILL_ABOVE = 80;

/**
 * Writes decisions, each by compare-and-set on the conversation's version, in one bulk. Answers the documents that are
 * ours now; whoever lost the race drops its decision. `fence` is unique to this call: when the count is short, or the
 * answer was lost, the fence in the documents says which writes were ours (design, section 3).
 * @throws what MongoDB or its driver said, where the write failed and nothing of it is ours.
 */
export async function commitDecisions(
  store: Store,
  decisions: readonly DecisionToCommit[],
  fence: string,
): Promise<Map<string, ConversationDocument>> {
  if (decisions.length === 0) return new Map();
  await spill(store, decisions);
  const next = decisions.map(({ seen, state, events }) => nextDocument(seen, state, events, fence));
  const written = await write(store, decisions, next);
  if ('matched' in written && written.matched === next.length) {
    return new Map(next.map((document) => [document._id, document]));
  }
  if ('failure' in written) await shutOut(store, decisions);
  const ours = await driver(store.conversations)
    .find({ _id: { $in: next.map(({ _id }) => _id) }, fence })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  if ('failure' in written && ours.length === 0) throw written.failure;
  const won = new Set(ours.map(({ _id }) => _id));
  return new Map(next.filter(({ _id }) => won.has(_id)).map((document) => [document._id, document]));
}

/** How many were written, or why nobody knows. */
type Written = { readonly matched: number } | { readonly failure: unknown };

function write(
  store: Store,
  decisions: readonly DecisionToCommit[],
  next: readonly ConversationDocument[],
): Promise<Written> {
  const versions = new Map(decisions.map(({ seen }) => [seen._id, seen.version]));
  return driver(store.conversations)
    .bulkWrite(
      next.map(({ _id, ...replacement }) => ({
        replaceOne: {
          filter: { _id, version: versions.get(_id) ?? -1 },
          replacement: replacement as unknown as ConversationDocument,
        },
      })),
      { ordered: false },
    )
    .then(
      ({ matchedCount }) => ({ matched: matchedCount }),
      (failure: unknown) => ({ failure }),
    );
}

/**
 * After a lost answer: counts up the versions that still are as they were seen. A write of ours that is still under way
 * then finds them changed; else it could land when we have looked, and nobody would bring its effects about.
 */
async function shutOut(store: Store, decisions: readonly DecisionToCommit[]): Promise<void> {
  await driver(store.conversations).bulkWrite(
    decisions.map(({ seen: { _id, version } }) => ({
      updateOne: { filter: { _id, version }, update: { $inc: { version: 1 } } },
    })) as never,
    { ordered: false },
  );
}

function nextDocument(
  seen: ConversationDocument,
  state: ConversationState,
  events: readonly ConversationEvent[],
  fence: string,
): ConversationDocument {
  const { _id, campaign_id, recipient_id } = seen;
  const version = seen.version + 1;
  const added = events.map((event, n): StoredEvent => ({ ...event, v: version, n }));
  const kept = seen.recent_events.length > SPILL_ABOVE ? seen.recent_events.slice(-RECENT_EVENTS) : seen.recent_events;
  return {
    ...engineState(state),
    _id,
    campaign_id,
    recipient_id,
    version,
    fence,
    tries: 0,
    recent_events: [...kept, ...added],
  };
}

/** The engine's own fields: it was handed a whole document and passes on what it does not know. */
function engineState(state: ConversationState): ConversationState {
  return {
    status: state.status,
    ...(state.result !== undefined && { result: state.result }),
    ...(state.reason !== undefined && { reason: state.reason }),
    current_stage: state.current_stage,
    stage_visit: state.stage_visit,
    stage_entered_at: state.stage_entered_at,
    visit: state.visit,
    visits: state.visits,
    latest_response: state.latest_response,
    response_fields: state.response_fields,
    response_count: state.response_count,
    escalation: state.escalation,
    held: state.held,
    context: state.context,
    inbox: state.inbox,
    applied_event_ids: state.applied_event_ids,
    outbox: state.outbox,
    next_action_at: state.next_action_at,
  };
}

/** Moves old history out, under deterministic ids, so that doing it again changes nothing. */
async function spill(store: Store, decisions: readonly DecisionToCommit[]): Promise<void> {
  const old = decisions
    .filter(({ seen }) => seen.recent_events.length > SPILL_ABOVE)
    .flatMap(({ seen }) =>
      seen.recent_events.slice(0, -RECENT_EVENTS).map((event) => ({
        replaceOne: {
          filter: { _id: `${seen._id}/${event.v}/${event.n}` },
          replacement: { ...event, conversation_id: seen._id },
          upsert: true,
        },
      })),
    );
  if (old.length > 0) await driver(store.conversationEvents).bulkWrite(old, { ordered: false });
}
