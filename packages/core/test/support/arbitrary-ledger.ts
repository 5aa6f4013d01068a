import fc from 'fast-check';
import type { Change, LedgerEvent } from '../../src/ledger/index.js';
import { type Attempt, type MessageDocument, ROW_STATUSES, type RowStatus } from '../../src/models/index.js';
import { rowOf } from './documents.js';

/* Few values of each kind, so that guards meet what they ask for about as often as not. */
const status = fc.constantFrom(...ROW_STATUSES, 'sending', 'sending', 'retry', 'retry', 'unknown', 'unknown');
const fence = fc.constantFrom('mine', 'mine', 'theirs');
const count = fc.integer({ min: 1, max: 2 });
const instant = fc.integer({ min: 1000, max: 1005 });
const random = fc.constantFrom(0, 0.5);
const resend = fc.record({ by: fc.constant('olga'), at: instant });
const policy = fc.constantFrom('at_most_once', 'at_least_once');

const attempt: fc.Arbitrary<Attempt> = fc.record(
  {
    n: count,
    at: instant,
    outcome: fc.constantFrom('accepted', 'deferred', 'unknown'),
    reason: fc.constantFrom('', 'lease_expired'),
  },
  { requiredKeys: ['n', 'at', 'outcome'] },
);

/** A row as it may stand in the ledger, and as it may not: the interpreters must agree on both. */
export const anyRow: fc.Arbitrary<MessageDocument> = fc
  .record(
    {
      status,
      fence,
      attempt: count,
      policy,
      due_at: instant,
      settled_at: instant,
      provider_id: fc.string(),
      tell: fc.constant(true as const),
      resend,
      lost_leases: fc.constantFrom(1, 4),
      starts: fc.constantFrom(1, 5),
      // Now and then as many as stay.
      attempts: fc
        .tuple(fc.array(attempt, { maxLength: 3 }), fc.constantFrom(0, 0, 0, 48))
        .map(([first, more]) => [
          ...Array.from({ length: more }, (_, n) => ({ n, at: n, outcome: 'deferred' })),
          ...first,
        ]),
    },
    { requiredKeys: ['status', 'fence', 'attempt', 'policy', 'attempts'] },
  )
  .map((more) => {
    const { due_at: _due, ...row } = rowOf('c/r/hello/1/0/0');
    return { ...row, ...more } as MessageDocument;
  });

const notSending = fc.constantFrom(
  ...ROW_STATUSES.filter((one): one is Exclude<RowStatus, 'sending'> => one !== 'sending'),
);

/** Everything that can happen to a row. */
export const anyEvent: fc.Arbitrary<LedgerEvent> = fc.oneof(
  fc.record({ kind: fc.constant('claimed' as const), row: anyRow, seenAttempt: fc.option(count) }),
  fc.record({ kind: fc.constant('entered' as const), row: anyRow }),
  fc.record({
    kind: fc.constant('recorded' as const),
    outcome: fc.record(
      {
        key: fc.constant(''),
        fence,
        status: notSending,
        attempt,
        dueAt: instant,
        providerId: fc.string(),
        uncounted: fc.boolean(),
        unproven: fc.boolean(),
      },
      { requiredKeys: ['key', 'fence', 'status', 'attempt'] },
    ),
  }),
  fc.record({ kind: fc.constant('lease_expired' as const), row: anyRow, now: instant, random }),
  fc.record({ kind: fc.constant('retry_started' as const), row: anyRow, now: instant, random }),
  fc.record({ kind: fc.constant('retry_survived' as const) }),
  fc.record({ kind: fc.constant('told' as const), status, attempt: count }),
  fc.record({ kind: fc.constant('campaign_closed' as const), now: instant, inDoubt: fc.boolean() }),
  fc.record({ kind: fc.constant('restored' as const), now: instant }),
  fc.record({ kind: fc.constant('postponed' as const), dueAt: instant }),
  fc.record({
    kind: fc.constant('resolved' as const),
    status: fc.constantFrom('sent' as const, 'abandoned' as const),
    attempt,
    resending: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('resend_begun' as const), resend }),
);

/** Changes that no event makes, too: what the interpreters do must not depend on what is made today. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), row: anyRow }),
  fc.record({
    kind: fc.constant('update' as const),
    when: fc.record(
      {
        status: fc.uniqueArray(status, { minLength: 1 }),
        fence,
        attempt: count,
        dueBy: instant,
        resending: fc.boolean(),
        inDoubt: fc.boolean(),
      },
      { requiredKeys: ['status'] },
    ),
    write: fc.record(
      {
        set: fc.record({ status, fence, settled_at: instant }, { requiredKeys: ['status'] }),
        unset: fc.constantFrom([], ['due_at' as const, 'tell' as const]),
        inc: fc.record({ attempt: fc.integer({ min: -2, max: 2 }), starts: count }, { requiredKeys: ['attempt'] }),
        push: attempt,
      },
      { requiredKeys: ['set'] },
    ),
  }) as fc.Arbitrary<Change>,
);
