/**
 * The vocabulary of the engine. Everything here is plain data that survives JSON and BSON unchanged.
 * All instants are milliseconds of *campaign time*: wall clock minus the time the campaign was paused
 * (design, section 4, "Time"). Durations in compiled rules are already multiplied by the delay factor.
 */

export type ConversationStatus = 'active' | 'blocked' | 'completed';
export type ConversationResult = 'success' | 'failed' | 'expired' | 'opted_out' | 'cancelled';

/** Values that a template or a condition can look up, by own properties only. */
export type Variables = { readonly [name: string]: unknown };

/** A reference to one sending: message `index` of a visit; ordinal 0 is the message, 1.. its follow-ups. */
export interface MessageRef {
  readonly stage: string;
  readonly visit: number;
  readonly index: number;
  readonly ordinal: number;
}

/** An effect decided and not yet known to be settled. `key` is deterministic and unique for ever. */
export type Effect =
  | (MessageRef & {
      readonly kind: 'message';
      readonly key: string;
      readonly decided_at: number;
      /** Which of `follow_up_templates` to use (0-based); absent for the message itself. */
      readonly follow_up?: number;
    })
  | {
      readonly kind: 'escalation';
      readonly key: string;
      readonly stage: string;
      readonly visit: number;
      readonly action: string;
      readonly decided_at: number;
    };

export type MessageEffect = Extract<Effect, { kind: 'message' }>;
export type EscalationEffect = Extract<Effect, { kind: 'escalation' }>;

/** What became of a message, as the ledger knows it. */
export type Settlement =
  | { readonly outcome: 'sent' | 'unknown' | 'cancelled' | 'abandoned'; readonly at: number }
  | { readonly outcome: 'failed' | 'suppressed'; readonly at: number; readonly detail: string }
  /** Not settled: the ledger next acts on the row at `until` (a retry or the end of a lease). */
  | {
      readonly outcome: 'open';
      readonly until: number /** A worker may be sending it now. */;
      readonly on_the_wire?: boolean;
    };

/** An event that waits in the inbox. `id` is unique for ever: an event is applied once. */
export type InboxEvent =
  | {
      readonly id: string;
      readonly type: 'response';
      readonly at: number;
      readonly intent?: string;
      readonly text?: string;
      readonly data?: Variables;
    }
  | { readonly id: string; readonly type: 'opt_out'; readonly at: number; readonly detail?: string }
  /** The address of a message that had left turned out not to exist: a permanent bounce, told by mail. */
  | {
      readonly id: string;
      readonly type: 'bounced';
      readonly at: number;
      readonly key: string;
      readonly detail: string;
    }
  /** The ledger settled a row late (or an operator did); it carries no facts: `settle` reads the ledger. */
  | { readonly id: string; readonly type: 'delivery'; readonly at: number; readonly key: string }
  | {
      readonly id: string;
      readonly type: 'command';
      readonly at: number;
      readonly by: string;
      readonly command: Command;
    };

/** What an operator can tell a conversation. */
export type Command =
  | { readonly name: 'retry' } // a blocked conversation tries again
  | { readonly name: 'take' } // takes the open escalation: follow-ups and the maximum hold
  | { readonly name: 'release' }
  | { readonly name: 'advance'; readonly to?: string }
  | { readonly name: 'snooze'; readonly until: number } // nothing is sent and no deadline passes before `until`
  | { readonly name: 'complete' } // ends with success
  | { readonly name: 'fail' }
  | { readonly name: 'cancel' }
  | { readonly name: 'resend'; readonly key: string }; // an abandoned or unknown message again, under a new key

/** What happened with message `index` in the present visit. */
export interface MessageProgress {
  readonly index: number;
  /** Ordinal of the latest decided sending; never goes back, so a key is never used twice. */
  readonly ordinal: number;
  /** Follow-ups that count against the limits (decided and not voided). */
  readonly follow_ups: number;
  /** When the latest sending was decided. */
  readonly decided_at: number;
  /** When the latest sending left, or null while the ledger has not settled it. */
  readonly settled_at: number | null;
  /** When the first sending that a provider accepted (or may have accepted) was decided; null: none yet. */
  readonly accepted_at: number | null;
}

export interface VisitProgress {
  /** By how much the first message left late and snoozes lasted; later deadlines of the visit move by as much. */
  readonly late_ms: number;
  /** How long escalations were taken; the maximum moves by as much. */
  readonly held_ms: number;
  readonly messages: readonly MessageProgress[];
  /** Follow-ups over the whole stage. */
  readonly follow_ups: number;
  /** Qualifying responses in this visit. */
  readonly responses: number;
  /** The next follow-up counts from here, if it is later than the latest sending: the latest reply, moved by holds. */
  readonly follow_ups_from: number | null;
  readonly escalated: boolean;
}

export interface EscalationState {
  readonly key: string;
  readonly action: string;
  readonly status: 'open' | 'taken';
  readonly opened_at: number;
  readonly taken_by?: string;
  readonly taken_at?: number;
}

/** The part of a conversation that the engine owns. The stored document adds ids, version and bookkeeping. */
export interface ConversationState {
  readonly status: ConversationStatus;
  readonly result?: ConversationResult;
  /** Why it is blocked or completed, in words of `docs/rules.md` (`max_duration`, `undeliverable`, ...). */
  readonly reason?: string;
  readonly current_stage: string;
  readonly stage_visit: number;
  readonly stage_entered_at: number;
  readonly visit: VisitProgress;
  /** Visits so far of every stage that was entered. */
  readonly visits: readonly { readonly stage: string; readonly count: number }[];
  /** Latest response with its data at the top level, plus `intent` and `text`. Conditions see this. */
  readonly latest_response: Variables | null;
  /** Newest value of each field over all responses. Templates see this. */
  readonly response_fields: Variables;
  readonly response_count: number;
  readonly escalation: EscalationState | null;
  /** A hold: by an operator's snooze (`until` an instant) or by a taken escalation (`until` null). */
  readonly held: { readonly since: number; readonly until: number | null } | null;
  /** The member's own context, merged over the campaign's when it is rendered. */
  readonly context: Variables;
  readonly inbox: readonly InboxEvent[];
  readonly applied_event_ids: readonly string[];
  readonly outbox: readonly Effect[];
  readonly next_action_at: number;
}

/** One line of history: what was decided and why. */
export interface ConversationEvent {
  readonly at: number;
  readonly type:
    | 'entered'
    | 'response'
    | 'sent' // decided to send; the ledger tells what became of it
    | 'voided' // a decided message was withdrawn before it left
    | 'delivery' // a message ended in another state than sent, or bounced afterwards
    | 'escalated'
    | 'escalation_resolved'
    | 'command'
    | 'advanced'
    | 'completed'
    | 'blocked'
    | 'unblocked';
  readonly stage: string;
  readonly visit: number;
  readonly reason?: string;
  readonly detail?: Variables;
}

/** A message that the decision sends, ready for a channel. */
export interface Send {
  readonly effect: MessageEffect;
  readonly content: Content;
}

export interface Content {
  readonly subject: string;
  readonly body: string;
}

/** What the engine needs to know of a campaign. */
export interface CampaignFacts {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** `context_data`, expanded into nested objects. */
  readonly context: Variables;
  readonly initial_stage?: string;
  /** Campaign time at which the campaign ends, or null. */
  readonly end_at: number | null;
  readonly missing_variables: 'error' | 'empty';
}

export interface DecideInput {
  readonly conversation_id: string;
  readonly template: CompiledTemplate;
  readonly campaign: CampaignFacts;
  readonly recipient: Variables;
  readonly state: ConversationState;
  /** What is known of the effects in the outbox, by key; absent: no ledger row or notification record yet. */
  readonly settlements?: ReadonlyMap<string, Settlement>;
  /** What custom logic says of stage visits; present, though empty, asks the decision for its `evaluations`. */
  readonly progressions?: readonly Progression[];
  readonly now: number;
}

/** What the rules say of the stage visit that a decision looks at: whether it ends now, and what follows. */
export interface Evaluation {
  readonly stage: string;
  readonly visit: number;
  readonly progress: boolean;
  /** null where the visit goes on, and where the conversation ends with it. */
  readonly next_stage: string | null;
  /** The state at that moment: the inbox is applied, what is due is sent. */
  readonly state: ConversationState;
}

/** What custom logic says of a stage visit, in place of the rules (design, section 4, "Custom logic"). */
export type Progression = { readonly stage: string; readonly visit: number } & (
  | {
      readonly kind: 'answer';
      readonly progress: boolean;
      readonly next_stage: string | null;
      /** Takes the place of the conversation's own context; absent: it stays. */
      readonly context?: Variables;
    }
  /** It gave no answer that could be used: the conversation is blocked for this reason. */
  | { readonly kind: 'fault'; readonly reason: string }
);

export interface Decision {
  /** The next state; the very same object as the input's where nothing changed. */
  readonly state: ConversationState;
  /** Messages decided now. */
  readonly sends: readonly Send[];
  readonly events: readonly ConversationEvent[];
  readonly escalation?: EscalationEffect;
  /** Every stage visit that was looked at, in order; only where the input has `progressions`. */
  readonly evaluations?: readonly Evaluation[];
}

/** Mustache text, parsed once. */
export interface CompiledText {
  readonly source: string;
  /** Paths that the text looks up at its top level, such as `recipient.first_name`. */
  readonly variables: readonly string[];
  render(variables: Variables): { readonly text: string; readonly missing: readonly string[] };
}

/** A condition, parsed once. Never throws. */
export interface CompiledCondition {
  readonly source: string;
  readonly variables: readonly string[];
  test(variables: Variables): boolean;
}

export interface CompiledMessage {
  readonly subject: CompiledText | null;
  readonly text: CompiledText;
  readonly conditional: readonly { readonly condition: CompiledCondition; readonly text: CompiledText }[];
  readonly follow_up_texts: readonly CompiledText[];
  readonly delay_ms: number;
  /** Follow-ups of this message at most; Infinity where only the stage limits them. */
  readonly max_follow_ups: number;
  readonly follow_up_delay_ms: number;
}

export interface CompiledStage {
  readonly name: string;
  /** The human name, else the key. */
  readonly title: string;
  readonly messages: readonly CompiledMessage[];
  readonly response_required: boolean;
  readonly specific_response: string | null;
  readonly min_responses: number;
  readonly min_ms: number;
  /** Infinity where the template gives none; the engine then uses the campaign's end, else 8,760 hours. */
  readonly max_ms: number;
  /** Follow-ups over the stage at most; Infinity where only the messages limit them. */
  readonly max_follow_ups: number;
  /** The rule's own `max_follow_ups` if above 0: when used up, the stage has failed. */
  readonly exhausts_after: number | null;
  readonly advance_on_failure: boolean;
  readonly auto_advance: boolean;
  readonly escalation_after_ms: number | null;
  readonly escalation_action: string;
  readonly transitions: readonly { readonly condition: CompiledCondition; readonly to: string | null }[];
  /** undefined: the next in order; null: the end. */
  readonly next_stage: string | null | undefined;
  readonly max_visits: number;
}

export interface CompiledTemplate {
  readonly id: string;
  readonly name: string;
  readonly factor: number;
  readonly order: readonly string[];
  readonly stages: ReadonlyMap<string, CompiledStage>;
  readonly initial_stage: string;
  readonly all_stages_completed: boolean;
  readonly completing_intent: string | null;
  /** 8,760 hours times the factor: the maximum of a stage that has none in a campaign without an end. */
  readonly default_max_ms: number;
}
