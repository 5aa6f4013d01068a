import type { InboundMail } from './parse-mail.js';

/** What a mail server says of a delivery, for the worst of the recipients that it names. */
export interface DeliveryReport {
  /** `hard`: never again to this address. `soft`: not now, or not for a reason in the address. `none`: it was delivered. */
  readonly severity: 'hard' | 'soft' | 'none';
  /** An enhanced status code (RFC 3463) with what the server said, such as `5.1.1 smtp; 550 no such user`. */
  readonly detail: string;
}

const MAX_DETAIL_CHARACTERS = 500;
const MAX_GROUPS = 100;

type Fields = ReadonlyMap<string, string>;

/** The report in a mail by RFC 3464; null where it has none. */
export function deliveryReport(mail: InboundMail): DeliveryReport | null {
  const part = mail.reports.find(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type));
  if (!part) return null;
  const recipients = groups(part.text).filter((fields) => fields.has('action') || fields.has('status'));
  const reports = recipients.map(reportOf);
  return (
    reports.find(({ severity }) => severity === 'hard') ??
    reports.find(({ severity }) => severity === 'soft') ?? {
      severity: reports.length > 0 ? 'none' : 'soft',
      detail: '',
    }
  );
}

function reportOf(fields: Fields): DeliveryReport {
  const action = (fields.get('action') ?? '').toLowerCase();
  const diagnostic = fields.get('diagnostic-code') ?? '';
  const status = /^\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? '';
  const detail = `${status} ${diagnostic}`.trim().slice(0, MAX_DETAIL_CHARACTERS);
  if (action === 'failed') return { severity: isPermanent(status, diagnostic) ? 'hard' : 'soft', detail };
  const arrived = ['delivered', 'relayed', 'expanded'].includes(action) && !/^[45]/.test(status);
  return { severity: arrived ? 'none' : 'soft', detail };
}

/**
 * A full mailbox (x.2.2) will be emptied, and a refusal by policy (x.7.x) is about the sender or the text: neither says
 * that the address is wrong, and with the second a whole audience would be suppressed because of one blocklist.
 */
function isPermanent(status: string, diagnostic: string): boolean {
  if (status === '' || status === '5.0.0') return /\b5\d\d\b/.test(diagnostic) || status === '5.0.0';
  return status.startsWith('5.') && !status.startsWith('5.7.') && status !== '5.2.2';
}

/** Whether the mail reports that a recipient calls ours spam (RFC 5965); `not-spam` is the opposite. */
export function isComplaint(mail: InboundMail): boolean {
  const part = mail.reports.find(({ type }) => type === 'message/feedback-report');
  return part !== undefined && groups(part.text).some((fields) => isAccusation(fields.get('feedback-type')));
}

function isAccusation(type: string | undefined): boolean {
  return type !== undefined && /^(?:abuse|fraud|virus|other)\b/i.test(type);
}

/** The Message-ID of the mail that a report is about, as it stands there; empty where it is not included. */
export function originalMessageId(mail: InboundMail): string {
  const part = mail.reports.find(({ type }) => /rfc822|^message\/global/.test(type) && !type.endsWith('-status'));
  return (part && fieldsOf(part.text.split(/\r?\n\r?\n/, 1)[0] ?? '').get('message-id')) ?? '';
}

/** Groups of header fields with empty lines between them. */
function groups(text: string): Fields[] {
  return text.split(/\r?\n(?:[ \t]*\r?\n)+/, MAX_GROUPS).map(fieldsOf);
}

/** The first of several fields of one name. */
function fieldsOf(text: string): Fields {
  const fields = new Map<string, string>();
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
