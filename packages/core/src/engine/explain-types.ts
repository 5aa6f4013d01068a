import type { ConversationEvent, ConversationResult, ConversationStatus, DecideInput } from './types.js';

export interface ExplainInput
  extends Pick<
    DecideInput,
    'conversation_id' | 'template' | 'campaign' | 'recipient' | 'state' | 'settlements' | 'now'
  > {
  /** What was decided so far, oldest first. */
  readonly history: readonly ConversationEvent[];
  /** Campaign time to the time that the explanation tells; absent: it tells campaign time. */
  readonly wallClock?: (at: number) => number;
}

/** One thing that happened or would happen, with the reason in a plain sentence. Instants in milliseconds. */
export interface ExplainedEvent {
  readonly at: number;
  readonly type: ConversationEvent['type'];
  readonly stage: string;
  readonly visit: number;
  readonly reason?: string;
  readonly sentence: string;
}

/** Something that the conversation waits for. */
export interface Awaited {
  readonly what: 'reply' | 'time' | 'delivery' | 'operator';
  readonly sentence: string;
  /** When it stops waiting for it, or when the time has come. */
  readonly until?: number;
}

/** What a response would do if it came now. */
export interface ExplainedResponse {
  readonly kind: 'intent' | 'any_other' | 'opt_out';
  /** Intents of the template that have this effect; in `any_other`, those that make no difference. */
  readonly intents: readonly string[];
  /** The response in words: `A reply with the intent "accept_proposal"`. */
  readonly label: string;
  readonly at_once: readonly ExplainedEvent[];
  /** What follows if nothing else comes, up to the next change of stage or the end. */
  readonly afterwards: readonly ExplainedEvent[];
}

/** Why a conversation is where it is, and what comes next. Plain data. */
export interface Explanation {
  readonly conversation_id: string;
  /** The moment that is explained. */
  readonly at: number;
  readonly status: ConversationStatus;
  readonly result?: ConversationResult;
  readonly reason?: string;
  readonly stage: string;
  readonly visit: number;
  /** Where it stands, in a sentence. */
  readonly summary: string;
  readonly history: readonly ExplainedEvent[];
  readonly awaiting: readonly Awaited[];
  /** The next events if nothing comes and every message is accepted. */
  readonly next: readonly ExplainedEvent[];
  /** How it ends if nothing comes; absent where it ended, or where nothing but an operator ends it. */
  readonly end?: ExplainedEvent;
  readonly responses: readonly ExplainedResponse[];
}
