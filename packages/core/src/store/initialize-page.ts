import { initialState } from '../engine/stages.js';
import type { AudienceMemberDocument, ConversationDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { replyIdOf } from './reply-id.js';

/** Conversations in one write: while MongoDB works on one, the next one is put into words. */
const SLICE = 500;

/**
 * Creates the conversations of a page of members, all entering `stage` at `enteredAt` (campaign time). Those that exist
 * already stay as they are, so a page can be done again. Answers how many were new.
 */
export async function initializePage(
  store: Store,
  members: readonly AudienceMemberDocument[],
  stage: string,
  enteredAt: number,
): Promise<number> {
  const slices = Array.from({ length: Math.ceil(members.length / SLICE) }, (_, i) =>
    members.slice(i * SLICE, (i + 1) * SLICE),
  );
  const created = await Promise.all(slices.map((slice) => insert(store, slice, stage, enteredAt)));
  return created.reduce((sum, count) => sum + count, 0);
}

async function insert(
  store: Store,
  members: readonly AudienceMemberDocument[],
  stage: string,
  enteredAt: number,
): Promise<number> {
  const begun = begin(stage, enteredAt);
  const documents = members.map((member) => newConversation(member, begun));
  try {
    const result = await driver(store.conversations).insertMany(documents, { ordered: false });
    return result.insertedCount;
  } catch (error) {
    return insertedDespiteDuplicates(error);
  }
}

/** What all of them begin with: one object for a whole page, which nobody changes. */
type Begun = Omit<ConversationDocument, '_id' | 'campaign_id' | 'recipient_id' | 'reply_id'>;

function begin(stage: string, enteredAt: number): Begun {
  return {
    version: 1,
    fence: '',
    tries: 0,
    ...initialState(stage, enteredAt, {}),
    recent_events: [{ at: enteredAt, type: 'entered', stage, visit: 1, v: 1, n: 0 }],
  };
}

function newConversation(member: AudienceMemberDocument, begun: Begun): ConversationDocument {
  const { _id, campaign_id, recipient_id, context } = member;
  return { _id, campaign_id, recipient_id, reply_id: replyIdOf(_id), ...begun, context };
}

interface BulkWriteFailure {
  readonly writeErrors?: readonly { readonly code: number }[];
  readonly insertedCount?: number;
  readonly result?: { readonly insertedCount?: number };
}

function insertedDespiteDuplicates(error: unknown): number {
  const failure = error as BulkWriteFailure;
  const codes = [failure.writeErrors ?? []].flat().map(({ code }) => code);
  if (codes.length === 0 || codes.some((code) => code !== 11000)) throw error;
  return failure.insertedCount ?? failure.result?.insertedCount ?? 0;
}
