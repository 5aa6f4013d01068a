import { type SmtpResult, smtpOutcome } from './smtp-outcome.js';

const answered = (bodyStarted: boolean, command: string, code: number): SmtpResult => ({
  kind: 'answered',
  bodyStarted,
  command,
  code,
  response: `${code} told so`,
});

describe('smtpOutcome', () => {
  const table: readonly (readonly [name: string, result: SmtpResult, status: string])[] = [
    ['a yes after the body', { kind: 'accepted', response: '250 queued' }, 'accepted'],
    ...[550, 551, 552, 553, 554].map(
      (code) => [`${code} to RCPT TO`, answered(false, 'RCPT TO', code), 'rejected'] as const,
    ),
    ...[421, 450, 451, 452, 500, 501, 503, 530, 535].map(
      (code) => [`${code} to RCPT TO`, answered(false, 'RCPT TO', code), 'deferred'] as const,
    ),
    ...[421, 451, 503, 530, 550, 552, 554].map(
      (code) => [`${code} to MAIL FROM`, answered(false, 'MAIL FROM', code), 'deferred'] as const,
    ),
    ...[421, 451, 503, 554].map((code) => [`${code} to DATA`, answered(false, 'DATA', code), 'deferred'] as const),
    ['421 out of turn before the body', answered(false, 'CONN', 421), 'deferred'],
    ['550 out of turn before the body', answered(false, 'CONN', 550), 'deferred'],
    ...[421, 450, 451, 452].map((code) => [`${code} to the body`, answered(true, 'DATA', code), 'deferred'] as const),
    ...[550, 552, 554, 571].map((code) => [`${code} to the body`, answered(true, 'DATA', code), 'rejected'] as const),
    ['354 to the body', answered(true, 'DATA', 354), 'unknown'],
    ['half a reply to the body', answered(true, 'CONN', 550), 'unknown'],
    ['a loss before the body', { kind: 'lost', bodyStarted: false, reason: 'closed' }, 'deferred'],
    ['a loss after the body began', { kind: 'lost', bodyStarted: true, reason: 'closed' }, 'unknown'],
  ];

  it.each(table)('judges %s', (_name, result, status) => {
    expect(smtpOutcome(result).status).toBe(status);
  });

  it("hands on the server's words", () => {
    expect(smtpOutcome(answered(true, 'DATA', 554))).toEqual({ status: 'rejected', reason: '554 told so' });
    expect(smtpOutcome({ kind: 'accepted', response: '250 queued as 4711' })).toEqual({
      status: 'accepted',
      providerId: '250 queued as 4711',
    });
  });
});
