import type { InboundAddress } from './addresses.js';
import { keysIn } from './message-ids.js';
import type { InboundMail } from './parse-mail.js';
import { deliveryReport, isComplaint, originalMessageId } from './reports.js';
import type { Tokens } from './tokens.js';

/** What a mail is. */
export type MailKind =
  /** Somebody wrote something. */
  | { readonly kind: 'reply' }
  /** A machine answered for somebody (RFC 3834), or reports that all is well: no reply. */
  | { readonly kind: 'auto_reply' }
  /** A mail server could not deliver (RFC 3464). `detail`: its status code and words. */
  | { readonly kind: 'bounce'; readonly severity: 'hard' | 'soft'; readonly detail: string }
  /** Somebody calls our mail spam (RFC 5965). */
  | { readonly kind: 'complaint' }
  /** Sent by the mail program for somebody who wants no further mail (RFC 2369). */
  | { readonly kind: 'unsubscribe' }
  | { readonly kind: 'unrecognised' };

/** Whose mail it is, as far as our own signatures prove it. */
export interface Owner {
  /** Of the conversation whose address it came to. */
  readonly replyId?: string;
  /** Of the message that it answers or reports on. */
  readonly messageKey?: string;
}

export type Classified = MailKind & { readonly owner: Owner };

/** How a mail came: RFC 5321's envelope, which the headers need not agree with. */
export interface Envelope {
  /** Empty for the null return path of machines. */
  readonly from: string;
  readonly to: InboundAddress;
}

/** Tells what a mail is and whose. Pure; nothing in the mail is believed but what `tokens` has signed. */
export function classify(mail: InboundMail, envelope: Envelope, tokens: Tokens): Classified {
  return { ...kindOf(mail, envelope), owner: ownerOf(mail, envelope, tokens) };
}

function kindOf(mail: InboundMail, { from, to }: Envelope): MailKind {
  if (isComplaint(mail)) return { kind: 'complaint' };
  const report = deliveryReport(mail);
  if (report?.severity === 'none') return { kind: 'auto_reply' };
  if (report) return { kind: 'bounce', severity: report.severity, detail: report.detail };
  if (/^multipart\/report\b/i.test(mail.header('content-type')[0] ?? '')) return { kind: 'unrecognised' };
  // Before the signs of machines: it is a machine that sends it, at somebody's wish.
  if (mail.subject.trim().toLowerCase() === 'unsubscribe') return { kind: 'unsubscribe' };
  // People answer to Reply-To; only machines write to where reports go.
  if (from === '' || to.kind === 'bounce' || isAutomatic(mail)) return { kind: 'auto_reply' };
  return { kind: 'reply' };
}

const AUTOMATIC_PRECEDENCE = /^(?:bulk|junk|list|auto_reply)\b/i;
const AUTOREPLY_HEADERS = ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply'];

/** RFC 3834, section 5, and what was usual before it. */
function isAutomatic(mail: InboundMail): boolean {
  if (mail.header('auto-submitted').some((value) => !/^\s*no\b/i.test(value))) return true;
  if (mail.header('precedence').some((value) => AUTOMATIC_PRECEDENCE.test(value.trim()))) return true;
  return AUTOREPLY_HEADERS.some((name) => mail.header(name).some((value) => !/^\s*no\s*$/i.test(value)));
}

/** A report names the mail that it is about; an answer names the one before it, and those before that. */
function ownerOf(mail: InboundMail, { to }: Envelope, tokens: Tokens): Owner {
  const messageKey = [
    ...keysIn(tokens, originalMessageId(mail)),
    ...mail.header('in-reply-to').flatMap((value) => keysIn(tokens, value)),
    ...mail.header('references').flatMap((value) => keysIn(tokens, value).reverse()),
  ][0];
  return {
    ...(to.kind !== 'general' && { replyId: to.replyId }),
    ...(messageKey !== undefined && { messageKey }),
  };
}
