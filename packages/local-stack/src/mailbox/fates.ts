/**
 * What happens to a mail once its body has been read.
 * - `accept`: kept, and answered with 250.
 * - a code and a text: refused with them, 4xx for now, 5xx for good.
 * - `hang`: not kept, never answered.
 * - `drop`: not kept, the connection is destroyed.
 * - `accept-then-hang`: kept, but never answered.
 * - `accept-then-drop`: kept, but the connection is destroyed before the 250: the sender cannot know.
 */
export type MailFate = 'accept' | 'hang' | 'drop' | 'accept-then-hang' | 'accept-then-drop' | Refusal;

/** What happens to a sender who has not come to the body: it goes on, waits for ever, is cut off or refused. */
export type VisitFate = 'go' | 'hang' | 'drop' | Refusal;

interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** Whoever is connected. */
export interface Sender {
  /** Its own port: the system knows whose process that is. */
  readonly port: number;
}

/**
 * A sender waits at a point before the body: for the banner, for the answer to `RCPT TO`, for the 354 to `DATA`.
 * What is not known yet is empty.
 */
export interface Visit {
  readonly point: 'connect' | 'rcpt' | 'data';
  readonly sender: Sender;
  readonly from: string;
  readonly to: string;
}

/** Something other than a 250: written down before the sender hears of it. */
export interface MailMishap {
  readonly kind: 'refused' | 'dropped' | 'hung';
  readonly point: Visit['point'] | 'body';
  /** The envelope's recipients; empty before they are known. */
  readonly to: string;
  /** Of what was refused. */
  readonly code?: number;
  /** Of the mail, once there is one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the mail is in the mailbox all the same. */
  readonly kept: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}
