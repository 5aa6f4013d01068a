import type { ConversationEvent, ConversationState } from '../engine/types.js';
import type { ConversationDocument } from '../models/documents.js';
import { toWrites } from './alike-changes.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import {
  conversationChange,
  type DecidedConversation,
  hasLongHistory,
  movingOut,
  type SeenConversation,
} from './conversation-change.js';

export interface DecisionToCommit {
  /** The document as it was loaded: its version is compared. */
  readonly seen: SeenConversation;
  readonly state: ConversationState;
  readonly events: readonly ConversationEvent[];
}

/** A conversation as it was committed, without its history. */
export type CommittedConversation = DecidedConversation & Pick<ConversationDocument, 'fence'>;

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
): Promise<Map<string, CommittedConversation>> {
  if (decisions.length === 0) return new Map();
  await spill(store, decisions);
  const written = await write(store, decisions, fence);
  if ('matched' in written && written.matched === decisions.length) return committed(decisions, fence);
  if ('failure' in written) await shutOut(store, decisions);
  const ours = await driver(store.conversations)
    .find({ _id: { $in: decisions.map(({ seen }) => seen._id) }, fence })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  if ('failure' in written && ours.length === 0) throw written.failure;
  const won = new Set(ours.map(({ _id }) => _id));
  return committed(
    decisions.filter(({ seen }) => won.has(seen._id)),
    fence,
  );
}

/** How many were written, or why nobody knows. */
type Written = { readonly matched: number } | { readonly failure: unknown };

function write(store: Store, decisions: readonly DecisionToCommit[], fence: string): Promise<Written> {
  const changes = decisions.map(({ seen, state, events }) => conversationChange(seen, state, events));
  return driver(store.conversations)
    .bulkWrite(toWrites(changes, fence) as never, { ordered: false })
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

function committed(decisions: readonly DecisionToCommit[], fence: string): Map<string, CommittedConversation> {
  return new Map(
    decisions.map(({ seen, state }) => {
      const { recent_events: _, ...rest } = { ...seen, ...state };
      return [seen._id, { ...rest, version: seen.version + 1, fence, tries: 0 }];
    }),
  );
}

/** Moves old history out, under deterministic ids, so that doing it again changes nothing. */
async function spill(store: Store, decisions: readonly DecisionToCommit[]): Promise<void> {
  const long = decisions.filter(({ seen }) => hasLongHistory(seen)).map(({ seen }) => seen._id);
  if (long.length === 0) return;
  const stored = await driver(store.conversations)
    .find({ _id: { $in: long } })
    .project<Pick<ConversationDocument, '_id' | 'recent_events'>>({ recent_events: 1 })
    .toArray();
  const old = stored.flatMap(({ _id, recent_events }) =>
    movingOut(recent_events).map((event) => ({
      replaceOne: {
        filter: { _id: `${_id}/${event.v}/${event.n}` },
        replacement: { ...event, conversation_id: _id },
        upsert: true,
      },
    })),
  );
  if (old.length > 0) await driver(store.conversationEvents).bulkWrite(old, { ordered: false });
}
