import type { ChannelName, DeliveryPolicy } from '@campaign-manager/core/schemas';

/** A message as a channel gets it: rendered, with one validated address. */
export interface OutboundMessage {
  /** The ledger key; the same for every attempt, so providers can recognise a repetition. */
  readonly key: string;
  /** Absent in what goes to staff: an answer to that is no answer of a recipient. */
  readonly conversationId?: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly attempt: number;
}

/**
 * What became of one sending (design, section 6, step 4).
 * - `accepted`: the provider took responsibility.
 * - `deferred`: it is proven that the provider did not accept; another attempt is safe.
 * - `rejected`: a permanent refusal of this message or this address.
 * - `unknown`: silence after the body may have been read; nobody can tell.
 * - `held_back`: the last look said stop, and it is proven that nothing of the body left.
 */
export type Outcome =
  | { readonly status: 'accepted'; readonly providerId?: string }
  | {
      readonly status: 'deferred';
      readonly reason: string;
      readonly afterMs?: number;
      /** The provider gave no answer at all: it could not be reached, or the connection was lost before the body. */
      readonly unreachable?: true;
    }
  | { readonly status: 'rejected'; readonly reason: string }
  | { readonly status: 'unknown'; readonly reason: string }
  | { readonly status: 'held_back'; readonly reason: string };

/**
 * Asked once, when the provider is ready for the body and not one byte of it has left: null says go, a reason says
 * stop. It is asked within the time-out of the sending; one that throws says stop. However long a sender was suspended
 * before, it learns here whether it may still send.
 */
export type LastLook = () => string | null | Promise<string | null>;

/** A recipient's address on a channel, or why there is none. */
export type Address = { readonly to: string } | { readonly missing: string };

/** A connection held ready, so that no claim in the ledger waits for one. Used once, then gone. */
export interface Slot {
  /**
   * Sends and tells the outcome; never rejects. When `signal` aborts, the connection is destroyed at once and the
   * outcome is `deferred` or `unknown`, by what had left until then. `lastLook` is asked right before the body leaves;
   * where it says stop, the connection is dropped and the outcome is `held_back`. Frees the slot.
   */
  send(message: OutboundMessage, signal: AbortSignal, lastLook?: LastLook): Promise<Outcome>;
  /** Gives the slot back unused. */
  release(): void;
}

/** One way out of the system. Every adapter passes the contract suite in `test/contract.ts`. */
export interface Channel {
  readonly name: ChannelName;
  /** One sending is decided within this time; leases are longer. Milliseconds. */
  readonly timeoutMs: number;
  /** Sendings at once: more slots are not to be had. Infinity where a sending waits for nobody. */
  readonly atOnce: number;
  /** What a `sending` row becomes when nobody knows: see design, section 6. */
  readonly defaultPolicy: DeliveryPolicy;
  /** Which address of a recipient document this channel writes to. */
  addressOf(recipient: { readonly [field: string]: unknown }): Address;
  /** Waits for a free, working connection. Rejects with ChannelUnavailableError where there is none to be had. */
  reserve(signal: AbortSignal): Promise<Slot>;
  close(): Promise<void>;
}

/** Thrown by `reserve` when the provider cannot be reached: nothing was sent, so trying later is safe. */
export class ChannelUnavailableError extends Error {
  override readonly name = 'ChannelUnavailableError';
  readonly channel: ChannelName;

  constructor(channel: ChannelName, reason: string, options?: ErrorOptions) {
    super(`The ${channel} channel is unavailable: ${reason}.`, options);
    this.channel = channel;
  }
}
