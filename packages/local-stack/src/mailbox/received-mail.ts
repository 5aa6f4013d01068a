/** A mail that the mailbox took responsibility for. */
export interface ReceivedMail {
  /** The Message-ID header, angle brackets included; empty where the mail had none. */
  readonly messageId: string;
  /** The envelope's recipients, joined by `, `. */
  readonly to: string;
  /** The envelope's sender. */
  readonly from: string;
  readonly subject: string;
  /** The plain text, decoded, with `\n` as the end of a line and none at the end. */
  readonly text: string;
  /** Decoded and unfolded, by lower-case name; the last of several of one name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}
