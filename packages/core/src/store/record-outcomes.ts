import type { Attempt, MessageDocument, RowStatus } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** The latest attempts of a row that stay; its number of attempts goes on counting. */
export const KEPT_ATTEMPTS = 50;

/** What became of one claimed row. */
export interface RowOutcome {
  readonly key: string;
  /** The fence it was claimed with. */
  readonly fence: string;
  readonly status: Exclude<RowStatus, 'sending'>;
  readonly attempt: Attempt;
  /** Of `retry`: when to try again. */
  readonly dueAt?: number;
  readonly providerId?: string;
  /** The attempt never reached the wire: it does not count. */
  readonly uncounted?: boolean;
}

/**
 * Records outcomes by compare-and-set on the fence, in one bulk. A row whose lease ran out meanwhile is `unknown`; the
 * same fence may still record a late answer (design, section 6).
 */
export async function recordOutcomes(store: Store, outcomes: readonly RowOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await driver(store.messages).bulkWrite(
    outcomes.map((outcome) => ({
      updateOne: {
        filter: { _id: outcome.key, fence: outcome.fence, status: { $in: recordableFrom(outcome) } },
        update: toUpdate(outcome),
      },
    })) as never,
    { ordered: false },
  );
}

/**
 * A final answer counts even where the lease ran out and the row waits to be sent again (`at_least_once`): as long as
 * nobody has claimed it anew, its fence is still ours.
 */
function recordableFrom({ status }: RowOutcome): RowStatus[] {
  const final = status === 'sent' || status === 'failed';
  return final ? ['sending', 'unknown', 'retry'] : ['sending', 'unknown'];
}

function toUpdate({ status, attempt, dueAt, providerId, uncounted }: RowOutcome) {
  const settled = status !== 'retry';
  return {
    $set: {
      status,
      ...(settled && { settled_at: attempt.at }),
      ...(dueAt !== undefined && { due_at: dueAt }),
      ...(providerId !== undefined && { provider_id: providerId }),
    },
    $unset: settled ? { due_at: '' } : { settled_at: '' },
    ...(uncounted && { $inc: { attempt: -1 } }),
    $push: { attempts: { $each: [attempt], $slice: -KEPT_ATTEMPTS } },
  };
}

/**
 * An operator's word on a message nobody knows about: it arrived (`sent`), or it is given up (`abandoned`).
 * Answers false where the row is not `unknown` (any more).
 */
export async function settleUnknown(
  store: Store,
  key: string,
  status: 'sent' | 'abandoned',
  attempt: Attempt,
): Promise<boolean> {
  const result = await driver(store.messages).updateOne({ _id: key, status: 'unknown' }, {
    $set: { status, settled_at: attempt.at },
    $push: { attempts: attempt },
  } as never);
  return result.matchedCount === 1;
}

export async function loadMessages(store: Store, keys: readonly string[]): Promise<MessageDocument[]> {
  return (await driver(store.messages)
    .find({ _id: { $in: [...keys] } })
    .toArray()) as MessageDocument[];
}
