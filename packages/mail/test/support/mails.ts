/** Mails in the shapes that real systems send, written for these tests. */

export interface Parts {
  readonly headers?: readonly string[];
  readonly body?: readonly string[];
}

/** As it goes over the wire. */
export function raw(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\r\n'));
}

export function plain({ headers = [], body = ['Accept proposal'] }: Parts = {}): Buffer {
  return raw(
    'From: Ada <ada@example.org>',
    'Subject: Re: Your trial',
    'Message-ID: <1@example.org>',
    ...headers,
    '',
    ...body,
  );
}

/** Postfix's way: three parts, the original whole. */
export function bounced(status: string, action: string, diagnostic: string, originalId: string): Buffer {
  return raw(
    'From: MAILER-DAEMON@mx.example.org (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="B1/mx.example.org"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--B1/mx.example.org',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    "I'm sorry to have to inform you that your message could not be delivered.",
    '',
    '--B1/mx.example.org',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    'Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000 (UTC)',
    '',
    'Final-Recipient: rfc822; ada@example.org',
    'Original-Recipient: rfc822;ada@example.org',
    `Action: ${action}`,
    ...(status === '' ? [] : [`Status: ${status}`]),
    'Remote-MTA: dns; mx2.example.org',
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '    in reply to RCPT TO command',
    '',
    '--B1/mx.example.org',
    'Content-Description: Undelivered Message',
    'Content-Type: message/rfc822',
    '',
    'Return-Path: <bounce@in.example.com>',
    'From: Sales <sales@example.com>',
    'To: ada@example.org',
    'Subject: Your trial',
    `Message-ID: ${originalId}`,
    '',
    'Hello Ada',
    '',
    '--B1/mx.example.org--',
    '',
  );
}

/** Exchange's way: of the original only the headers. */
export function bouncedWithHeadersOnly(originalId: string): Buffer {
  return raw(
    'From: postmaster@example.org',
    'Subject: Undeliverable: Your trial',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
    '',
    '--x',
    'Content-Type: text/html',
    '',
    '<p>Your message could not be delivered.</p>',
    '--x',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns;ex.example.org',
    '',
    'Final-Recipient: RFC822;ada@example.org',
    'Action: failed',
    'Status: 5.1.10',
    'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound',
    '',
    '--x',
    'Content-Type: text/rfc822-headers',
    '',
    'From: Sales <sales@example.com>',
    'Message-ID:',
    `\t${originalId}`,
    'Subject: Your trial',
    '--x--',
  );
}

/** A feedback loop's way (RFC 5965, appendix B). */
export function complained(type: string, originalId: string): Buffer {
  return raw(
    'From: <abusedesk@example.org>',
    'Subject: FW: Your trial',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="f"',
    '',
    '--f',
    'Content-Type: text/plain; charset="US-ASCII"',
    '',
    'This is an email abuse report.',
    '--f',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${type}`,
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    '',
    '--f',
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    '',
    'From: Sales <sales@example.com>',
    `Message-ID: ${originalId}`,
    '',
    'Hello Ada',
    '--f--',
  );
}
