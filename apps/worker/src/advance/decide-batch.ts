import { type DecideInput, type Decision, decide, isOnTheWire } from '@campaign-manager/core/engine';
import type { DecidedConversation, SeenConversation } from '@campaign-manager/core/store';
import { inTime } from './in-time.js';
import type { LoadedBatch } from './load.js';

/** What the pure engine says of a batch. */
export interface DecidedBatch {
  readonly decisions: readonly { readonly seen: SeenConversation; readonly decision: Decision }[];
  /** Not due yet: the job came early. */
  readonly early: readonly SeenConversation[];
  /** Something is on the wire while an event waits: it is decided when the wire is known. */
  readonly waiting: readonly SeenConversation[];
  readonly failed: readonly { readonly id: string; readonly error: Error }[];
}

/** Decides every conversation of a batch that is due. One that fails never fails the others. */
export function decideBatch(batch: LoadedBatch): DecidedBatch {
  const decisions: { seen: SeenConversation; decision: Decision }[] = [];
  const early: SeenConversation[] = [];
  const waiting: SeenConversation[] = [];
  const failed: { id: string; error: Error }[] = [];
  for (const seen of batch.conversations) {
    if (seen.status === 'completed') continue;
    try {
      if (seen.next_action_at > batch.now) early.push(seen);
      else if (isWaitingForTheWire(batch, seen)) waiting.push(seen);
      else decisions.push({ seen, decision: decide(timelyInput(batch, seen)) });
    } catch (error) {
      failed.push({ id: seen._id, error: error as Error });
    }
  }
  return { decisions, early, waiting, failed };
}

/** The engine's view of one loaded conversation. */
export function decideInput(batch: LoadedBatch, seen: DecidedConversation): DecideInput {
  return {
    conversation_id: seen._id,
    template: batch.template,
    campaign: batch.facts,
    recipient: batch.recipients.get(seen.recipient_id) ?? {},
    state: seen,
    settlements: batch.knowledge.settlements,
    now: batch.now,
  };
}

/** As `decideInput`, for what the clock decides. */
export function timelyInput(batch: LoadedBatch, seen: SeenConversation): DecideInput {
  return inTime(decideInput(batch, seen), batch.campaign.doubt_until);
}

function isWaitingForTheWire({ knowledge }: LoadedBatch, { inbox, outbox }: SeenConversation): boolean {
  return inbox.length > 0 && outbox.some(({ key }) => isOnTheWire(knowledge.settlements.get(key)));
}
