import type { Attempt, MessageDocument, RowStatus } from '../models/documents.js';

/** A row to claim for sending: a new one, or one that waits in `retry` since `seenAttempt`. */
export interface Claim {
  readonly row: MessageDocument;
  readonly seenAttempt: number | null;
}

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
  /** Of `retry`: it may have been accepted, and is tried again by policy (`at_least_once`), not by proof. */
  readonly unproven?: boolean;
}

/** What has to be known of a row whose lease ran out. */
export type Leased = Pick<MessageDocument, 'policy' | 'fence' | 'attempt' | 'lost_leases'>;

/** What has to be known of a row whose retry begins. */
export type Waiting = Pick<MessageDocument, 'fence' | 'attempt' | 'starts'>;

interface Moment {
  readonly now: number;
  /** From 0 to 1: spreads what would else happen together. */
  readonly random: number;
}

/** Everything that can happen to a row of the ledger (docs/ledger.md). Instants are MongoDB's time. */
export type LedgerEvent =
  | ({ readonly kind: 'claimed' } & Claim)
  /** It gets its row without a claim: it goes nowhere, or waits for its channel. */
  | { readonly kind: 'entered'; readonly row: MessageDocument }
  | { readonly kind: 'recorded'; readonly outcome: RowOutcome }
  | ({ readonly kind: 'lease_expired'; readonly row: Leased } & Moment)
  /** A worker begins to prepare the next attempt. */
  | ({ readonly kind: 'retry_started'; readonly row: Waiting } & Moment)
  /** The preparation failed, but not by killing its worker. */
  | { readonly kind: 'retry_survived' }
  /** What waits for another attempt is withdrawn: those of which an earlier attempt may have arrived, or the others. */
  | { readonly kind: 'campaign_closed'; readonly now: number; readonly inDoubt: boolean }
  /** The database was restored from a backup in which the row was open: nobody knows what became of it since. */
  | { readonly kind: 'restored'; readonly now: number }
  /** Its channel is away. */
  | { readonly kind: 'postponed'; readonly dueAt: number }
  /** An operator's word on a message that nobody knows about. */
  | {
      readonly kind: 'resolved';
      readonly status: 'sent' | 'abandoned';
      readonly attempt: Attempt;
      /** Whether a resend was begun, as far as the operator saw. */
      readonly resending: boolean;
    }
  /** An operator has it sent again under another key: nobody settles it otherwise from then on. */
  | { readonly kind: 'resend_begun'; readonly resend: NonNullable<MessageDocument['resend']> }
  /** Its conversation has been told that it ended in `status`. */
  | { readonly kind: 'told'; readonly status: RowStatus; readonly attempt: number };
