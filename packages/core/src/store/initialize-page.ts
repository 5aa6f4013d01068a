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
  const documents = members.map((member) => newConversation(member, stage, enteredAt));
  try {
    const result = await driver(store.conversations).insertMany(documents, { ordered: false });
    return result.insertedCount;
  } catch (error) {
    return insertedDespiteDuplicates(error);
  }
}

function newConversation(member: AudienceMemberDocument, stage: string, enteredAt: number): ConversationDocument {
  return {
    _id: member._id,
    campaign_id: member.campaign_id,
    recipient_id: member.recipient_id,
    reply_id: replyIdOf(member._id),
    version: 1,
    fence: '',
    tries: 0,
    ...initialState(stage, enteredAt, member.context),
    recent_events: [{ at: enteredAt, type: 'entered', stage, visit: 1, v: 1, n: 0 }],
  };
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
