import type { Outcome } from '@campaign-manager/channels';
import type { MessageDocument } from '@campaign-manager/core/models';
import { afterGate, afterSend, leaseMs } from './outcome.js';

const row = {
  _id: 'c/r/s/1/0/0',
  fence: 'f',
  attempt: 1,
  policy: 'at_most_once',
  attempts: [],
} as unknown as MessageDocument;
const options = { now: 1000, retryDelayMs: 300, random: 0 };

describe('afterSend', () => {
  it.each<{
    outcome: Exclude<Outcome, { status: 'held_back' }>;
    more?: Partial<MessageDocument>;
    status: string;
    dueAt?: number;
  }>([
    { outcome: { status: 'accepted', providerId: 'p' }, status: 'sent' },
    { outcome: { status: 'rejected', reason: 'no such user' }, status: 'failed' },
    { outcome: { status: 'deferred', reason: 'busy' }, status: 'retry', dueAt: 1300 },
    { outcome: { status: 'deferred', reason: 'busy', afterMs: 5000 }, status: 'retry', dueAt: 6000 },
    { outcome: { status: 'deferred', reason: 'busy' }, more: { attempt: 3 }, status: 'retry', dueAt: 2200 },
    { outcome: { status: 'deferred', reason: 'busy' }, more: { attempt: 10 }, status: 'failed' },
    { outcome: { status: 'unknown', reason: 'silence' }, status: 'unknown' },
    {
      outcome: { status: 'unknown', reason: 'silence' },
      more: { policy: 'at_least_once' },
      status: 'retry',
      dueAt: 1300,
    },
    {
      outcome: { status: 'unknown', reason: 'silence' },
      more: { policy: 'at_least_once', attempt: 10 },
      status: 'unknown',
    },
  ])('$outcome.status of $more becomes $status', ({ outcome, more, status, dueAt }) => {
    const result = afterSend({ ...row, ...more }, outcome, options);
    expect({ status: result.status, dueAt: result.dueAt, fence: result.fence }).toEqual({ status, dueAt, fence: 'f' });
  });
});

describe('afterGate', () => {
  it.each([
    { verdict: 'back', status: 'retry', uncounted: true },
    { verdict: 'halt', status: 'retry', uncounted: true },
    { verdict: 'withdrawn', status: 'cancelled', uncounted: undefined },
    { verdict: 'suppressed', status: 'suppressed', uncounted: undefined },
  ] as const)('$verdict becomes $status', ({ verdict, status, uncounted }) => {
    expect(afterGate(row, verdict, 1000)).toMatchObject({ status, ...(uncounted && { uncounted, dueAt: 2000 }) });
  });

  it.each([
    ['was unknown once', { n: 1, at: 1, outcome: 'unknown', reason: 'silence' }],
    ['lost its worker on the wire once', { n: 1, at: 1, outcome: 'retry', reason: 'lease_expired' }],
  ])('a message that is withdrawn and %s is unknown: it may have arrived', (_, attempt) => {
    const doubtful = { ...row, attempts: [attempt, { n: 1, at: 2, outcome: 'deferred', reason: 'busy' }] };
    expect(afterGate(doubtful, 'withdrawn', 1000)).toMatchObject({ status: 'unknown', uncounted: true });
  });
});

describe('leaseMs', () => {
  it('is longer than anything the channel does with one message', () => {
    expect(leaseMs({ timeoutMs: 30_000 })).toBeGreaterThan(30_000);
  });
});
