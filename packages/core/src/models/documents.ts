import type { ConversationEvent, ConversationState, Variables } from '../engine/types.js';
import type { CampaignInput, CampaignStatus, ChannelName, DeliveryPolicy } from '../schemas/campaign.js';
import type { CampaignTemplate } from '../schemas/template.js';

/**
 * The documents as MongoDB holds them (design, section 3). Instants are numbers: milliseconds of MongoDB's clock,
 * or of campaign time where the comment says so. Dates stand only where people read them.
 */

export interface TemplateDocument {
  /** `<template id>/<version>`; a version never changes. */
  readonly _id: string;
  readonly template_id: string;
  readonly version: number;
  readonly template: CampaignTemplate;
  readonly created_at: Date;
}

export interface CampaignDocument
  extends Omit<
    CampaignInput,
    'status' | 'recipients' | 'created_at' | 'delivery_policy' | 'conversation_states_initialized'
  > {
  readonly type: string;
  readonly status: CampaignStatus;
  /** How it ended: by its end date, by completion of every conversation, or by an operator. */
  readonly result?: 'expired' | 'finished' | 'cancelled';
  /** Pinned at launch. */
  readonly template_version: number | null;
  readonly delay_factor: number | null;
  readonly channel: ChannelName;
  readonly delivery_policy: DeliveryPolicy | null;
  readonly missing_variables: 'error' | 'empty';
  /** Counts every change of status, so that a gate sees that something changed. */
  readonly revision: number;
  readonly started_at: number | null;
  readonly paused_at: number | null;
  readonly paused_ms: number;
  readonly ended_at: number | null;
  /** The latest resume and the cancellation; absent where there was none. */
  readonly resumed_at?: number;
  readonly cancelled_at?: number;
  /**
   * Campaign time. The database was restored from a backup: what is decided up to here may have gone out before, and
   * becomes `unknown` instead of being sent.
   */
  readonly doubt_until?: number;
  /** When it was held by that restore. An operator who asks for a resend later than this knows of the gap. */
  readonly restored_at?: number;
  /** When its history and the contents of its messages and replies were removed; absent: they are there. */
  readonly history_removed_at?: number;
  /** schedule.start_date and end_date as milliseconds, for indexes and comparisons. */
  readonly start_at: number | null;
  readonly end_at: number | null;
  readonly conversation_states_initialized: boolean;
  /** The last audience member that has a conversation; '' at first. */
  readonly initialize_cursor: string;
  /** When the latest page of the audience got its conversations; absent before the first. */
  readonly initialized_at?: number;
  /** Streaming imports that are under way: launch waits until they end or their lease runs out. */
  readonly open_imports: readonly { readonly id: string; readonly until: number }[];
  readonly created_at: Date;
}

export interface RecipientDocument {
  readonly _id: string;
  readonly [field: string]: unknown;
}

export interface AudienceMemberDocument {
  /** `<campaign>/<recipient>`, which is also the id of the conversation. */
  readonly _id: string;
  readonly campaign_id: string;
  readonly recipient_id: string;
  readonly context: Variables;
}

/** History that rides in the conversation's own write; `v` and `n` make its id when it moves out. */
export type StoredEvent = ConversationEvent & { readonly v: number; readonly n: number };

export interface ConversationDocument extends ConversationState {
  readonly _id: string;
  readonly campaign_id: string;
  readonly recipient_id: string;
  /** Short, for addresses that replies come to. Absent in conversations of older versions. */
  readonly reply_id?: string;
  /** Compared and set by every change. */
  readonly version: number;
  /** Who wrote this version, where it was a decision. */
  readonly fence: string;
  /** Tries that ended without a decision, counted only on redelivered jobs. */
  readonly tries: number;
  readonly recent_events: readonly StoredEvent[];
  /** When its recipient was erased: it is over, and keeps nothing that a reply or a provider says of them. */
  readonly erased_at?: number;
}

export interface ConversationEventDocument extends StoredEvent {
  /** `<conversation>/<version>/<n>`. */
  readonly _id: string;
  readonly conversation_id: string;
}

export interface OpenBatchDocument {
  readonly _id: string;
  readonly campaign_id: string;
  readonly conversation_ids: readonly string[];
  readonly lease_until: number;
  /** How often it was taken over from a worker that had died; absent: never. */
  readonly adoptions?: number;
}

export const OPEN_ROW_STATUSES = ['sending', 'retry'] as const;
export const UNSENT_STATUSES = ['failed', 'unknown', 'cancelled', 'suppressed', 'abandoned'] as const;
export const ROW_STATUSES = [...OPEN_ROW_STATUSES, 'sent', ...UNSENT_STATUSES] as const;
export type RowStatus = (typeof ROW_STATUSES)[number];

export interface Attempt {
  readonly n: number;
  readonly at: number;
  readonly outcome: string;
  readonly reason?: string;
}

/** One row of the ledger. */
export interface MessageDocument {
  /** The deterministic key. */
  readonly _id: string;
  readonly campaign_id: string;
  readonly conversation_id: string;
  readonly recipient_id: string;
  readonly stage: string;
  readonly visit: number;
  readonly index: number;
  readonly ordinal: number;
  readonly follow_up?: number;
  readonly channel: ChannelName;
  readonly policy: DeliveryPolicy;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly status: RowStatus;
  readonly attempt: number;
  readonly fence: string;
  /** Of an open row: the end of the lease, or the time of the next attempt. Absent once it is settled. */
  readonly due_at?: number;
  /** Campaign time. */
  readonly decided_at: number;
  readonly claimed_at: number;
  readonly settled_at?: number;
  readonly provider_id?: string;
  readonly attempts: readonly Attempt[];
  /** An operator has it sent again under a new key; it stays `unknown` until its conversation has been told. */
  readonly resend?: { readonly by: string; readonly at: number };
  /** The conversation should know of this at once, and has not been told yet. */
  readonly tell?: true;
  /** Leases that ran out one after another while it was on the wire (`at_least_once`). */
  readonly lost_leases?: number;
  /** Retries that were begun since one of them came as far as the claim. */
  readonly starts?: number;
}

export type ResponseStatus = 'received' | 'queued' | 'applied' | 'late' | 'unmatched';

export interface ResponseDocument {
  readonly _id: string;
  readonly conversation_id: string;
  readonly campaign_id: string;
  readonly status: ResponseStatus;
  readonly reason?: string;
  readonly received_at: number;
  readonly intent?: string;
  readonly text?: string;
  readonly data?: Variables;
  /** A mail that came from another address than we write to: people have several. */
  readonly from_other_address?: boolean;
}

export interface EscalationDocument {
  /** `<conversation>/<stage>/<visit>`. */
  readonly _id: string;
  readonly campaign_id: string;
  readonly conversation_id: string;
  readonly stage: string;
  readonly action: string;
  readonly status: 'open' | 'resolved';
  readonly opened_at: number;
  readonly notified_at: number | null;
  readonly resolved_at: number | null;
}

export interface SuppressionDocument {
  /** `<channel>:<address in lower case>`. */
  readonly _id: string;
  readonly reason: string;
  /** Where it comes from: the key of a message, the id of a response, what an operator said. */
  readonly source?: string;
  readonly created_at: Date;
}

/** Whether a channel may be used, for all workers. A channel without a document is active. */
export interface ChannelDocument {
  readonly _id: ChannelName;
  readonly status: 'active' | 'paused';
  /** Why it was paused. */
  readonly reason?: string;
  /** When it got this status, in MongoDB's milliseconds. */
  readonly since: number;
  /** Who gave it this status: the name of an API key, or `worker`. */
  readonly by: string;
}

export interface ApiKeyDocument {
  /** SHA-256 of the key, in hex. */
  readonly _id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at: Date;
}

/** What this database is, in a document of its own. */
export interface InstallationDocument {
  readonly _id: 'schema';
  /** The schema that `migrate` brought the database to. */
  readonly version: number;
  /** Apps that know this schema or a later one can work with the database. */
  readonly compatible_from: number;
  readonly migrated_at: Date;
  /** A restore was begun and has not ended: documents are missing, or all are there and not yet safe to work with. */
  readonly restoring?: 'filling' | 'filled';
}

export interface AuditDocument {
  readonly _id: string;
  readonly at: Date;
  readonly by: string;
  readonly action: string;
  readonly target: string;
  readonly detail?: Variables;
}
