import type { Attempt, MessageDocument, RowStatus } from '../models/documents.js';

/** The latest attempts of a row that stay; its number of attempts goes on counting. */
export const KEPT_ATTEMPTS = 50;

/** What must hold of a row for a change to be made. Together with the write that makes it, this is the compare-and-set. */
export interface Guard {
  readonly status: readonly RowStatus[];
  /** The claim that the change belongs to. */
  readonly fence?: string;
  readonly attempt?: number;
  /** The lease or the waiting time has ended by then. Milliseconds of MongoDB's clock. */
  readonly dueBy?: number;
  /** Whether an operator has it sent again under another key. */
  readonly resending?: boolean;
  /** Whether an earlier attempt may have arrived. */
  readonly inDoubt?: boolean;
}

/** Fields that a change may remove. */
export type Removable = 'due_at' | 'settled_at' | 'tell' | 'lost_leases' | 'starts';

/** Fields that a change may count in. */
export type Countable = 'attempt' | 'starts';

/** What becomes of the row. A field stands in one of these at most; what is not named stays as it is. */
export interface Rewrite {
  readonly set: Partial<Omit<MessageDocument, '_id' | 'attempts'>>;
  readonly unset?: readonly Removable[];
  readonly inc?: { readonly [field in Countable]?: number };
  /** Added to the attempts, of which the last {@link KEPT_ATTEMPTS} stay. */
  readonly push?: Attempt;
}

/**
 * One step of a ledger row, as data: `toMongo` makes it a compare-and-set of the database, `applyChange` makes it on a
 * row in memory. A test shows that both mean the same.
 */
export type Change = Insert | Update;

/** The row comes into being, unless it exists. */
export interface Insert {
  readonly kind: 'insert';
  readonly row: MessageDocument;
}

export interface Update {
  readonly kind: 'update';
  readonly when: Guard;
  readonly write: Rewrite;
}
