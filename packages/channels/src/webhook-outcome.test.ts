import { parseRetryAfter, webhookOutcome } from './webhook-outcome.js';

const NOW = Date.parse('2026-03-01T10:00:00Z');

describe('webhookOutcome', () => {
  it.each([
    ...[200, 201, 202, 204].map((status) => [status, 'accepted'] as const),
    ...[301, 302, 307, 308].map((status) => [status, 'deferred'] as const),
    ...[401, 407, 408, 425, 429].map((status) => [status, 'deferred'] as const),
    ...[400, 403, 404, 409, 410, 413, 422].map((status) => [status, 'rejected'] as const),
    ...[500, 502, 503, 504, 599].map((status) => [status, 'deferred'] as const),
  ])('judges the answer %i as %s', (status, outcome) => {
    expect(webhookOutcome({ kind: 'answered', status }, NOW).status).toBe(outcome);
  });

  it('judges a loss by whether the request had begun to leave', () => {
    const reason = 'other side closed';
    expect(webhookOutcome({ kind: 'lost', written: false, reason }, NOW)).toEqual({
      status: 'deferred',
      reason,
      unreachable: true,
    });
    expect(webhookOutcome({ kind: 'lost', written: true, reason }, NOW)).toEqual({ status: 'unknown', reason });
  });

  it('hands on how long the receiver asks to wait', () => {
    expect(webhookOutcome({ kind: 'answered', status: 429, retryAfter: '120' }, NOW)).toEqual({
      status: 'deferred',
      reason: 'HTTP 429',
      afterMs: 120_000,
    });
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['30', 30_000],
    ['Sun, 01 Mar 2026 10:05:00 GMT', 300_000],
    ['Sun, 01 Mar 2026 09:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %s as %s ms', (value, afterMs) => {
    expect(parseRetryAfter(value, NOW)).toBe(afterMs);
  });
});
