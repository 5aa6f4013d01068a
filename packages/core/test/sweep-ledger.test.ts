import type { MessageDocument } from '../src/models/index.js';
import {
  cancelRetries,
  claimMessages,
  dueRetries,
  expiredLeases,
  expireLease,
  hasOpenRows,
  insertSettledRows,
  loadMessages,
  postponeRetries,
  recordOutcomes,
  type Store,
  type SweptRow,
} from '../src/store/index.js';
import { rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('sweep');
  store = test.store;
});

afterEach(() => store.messages.collection.deleteMany({}));
afterAll(() => test.close());

async function rows(...more: (Partial<MessageDocument> & { readonly _id: string })[]): Promise<void> {
  await insertSettledRows(
    store,
    more.map((one) => rowOf(one._id, one)),
  );
}

async function stored(key: string): Promise<MessageDocument | undefined> {
  return (await loadMessages(store, [key]))[0];
}

const swept = (more: Partial<SweptRow> & { readonly _id: string }): SweptRow => ({
  conversation_id: 'c/r',
  campaign_id: 'c',
  channel: 'log',
  policy: 'at_most_once',
  fence: 'nobody',
  attempt: 1,
  ...more,
});

describe('leases', () => {
  it('that ran out are found, longest first, and nothing else is', async () => {
    await rows(
      { _id: 'c/late/s/1/0/0', due_at: 900 },
      { _id: 'c/later/s/1/0/0', due_at: 1000 },
      { _id: 'c/held/s/1/0/0', due_at: 1001 },
      { _id: 'c/retry/s/1/0/0', due_at: 10, status: 'retry' },
      { _id: 'c/unknown/s/1/0/0', due_at: 10, status: 'unknown' },
    );

    expect((await expiredLeases(store, 1000, 10)).map(({ _id }) => _id)).toEqual(['c/late/s/1/0/0', 'c/later/s/1/0/0']);
    expect(await expiredLeases(store, 1000, 1)).toEqual([swept({ _id: 'c/late/s/1/0/0', conversation_id: 'c/late' })]);
  });

  it('of at_most_once end as unknown, and are not open any more', async () => {
    await rows({ _id: 'c/r/s/1/0/0', due_at: 900 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => expireLease(store, swept({ _id: 'c/r/s/1/0/0' }), 1000, 0)),
    );

    expect(answers.filter(Boolean)).toHaveLength(1);
    const row = await stored('c/r/s/1/0/0');
    expect(row).toMatchObject({
      status: 'unknown',
      settled_at: 1000,
      attempts: [{ n: 1, reason: 'lease_expired' }],
      tell: true,
    });
    expect(row).not.toHaveProperty('due_at');
    expect(await hasOpenRows(store, 'c')).toBe(false);
  });

  it('of at_least_once wait for another attempt at once', async () => {
    const policy = 'at_least_once';
    await rows({ _id: 'c/r/s/1/0/0', due_at: 900, policy });

    expect(await expireLease(store, swept({ _id: 'c/r/s/1/0/0', policy }), 1000, 0)).toBe('retry');

    expect(await stored('c/r/s/1/0/0')).toMatchObject({ status: 'retry', due_at: 1000 });
    expect(await dueRetries(store, 'c', 1000, 10)).toEqual([{ _id: 'c/r/s/1/0/0', due_at: 1000, attempt: 1 }]);
  });

  it.each([
    { status: 'sent', fence: 'nobody', becomes: 'sent' },
    { status: 'failed', fence: 'nobody', becomes: 'failed' },
    { status: 'unknown', fence: 'nobody', becomes: 'retry' },
    { status: 'sent', fence: 'somebody else', becomes: 'retry' },
  ] as const)(
    'of at_least_once take a late $status of the fence $fence as $becomes',
    async ({ status, fence, becomes }) => {
      const policy = 'at_least_once';
      await rows({ _id: 'c/r/s/1/0/0', due_at: 900, policy });
      await expireLease(store, swept({ _id: 'c/r/s/1/0/0', policy }), 1000, 0);

      await recordOutcomes(store, [
        { key: 'c/r/s/1/0/0', fence, status, attempt: { n: 1, at: 1100, outcome: status } },
      ]);

      expect(await stored('c/r/s/1/0/0')).toMatchObject({ status: becomes });
    },
  );

  it('of at_least_once that run out again and again end as unknown: whoever takes them dies', async () => {
    const policy = 'at_least_once';
    const _id = 'c/r/s/1/0/0';
    await rows({ _id, due_at: 900, policy });
    const ends: unknown[] = [];
    const waits: unknown[] = [];
    for (let worker = 1; worker <= 6; worker++) {
      const [row] = await expiredLeases(store, 1000, 10);
      if (!row) break;
      ends.push(await expireLease(store, row, 1000, 0.5));
      waits.push((await stored(_id))?.due_at);
      const again = { ...rowOf(_id), attempt: worker + 1, fence: `worker-${worker}`, due_at: 900 };
      await claimMessages(store, [{ row: again, seenAttempt: worker }], again.fence);
    }

    expect(ends).toEqual(['retry', 'retry', 'retry', 'retry', 'quarantined']);
    // From the second time on they come back one by one.
    expect(waits).toEqual([1000, 31_000, 61_000, 91_000, undefined]);
    const row = await stored(_id);
    expect(row).toMatchObject({ status: 'unknown', tell: true });
    expect(row?.attempts.at(-1)).toEqual({ n: 5, at: 1000, outcome: 'unknown', reason: 'quarantined' });
  });

  it('of at_least_once that were lost are forgotten once an answer comes', async () => {
    const policy = 'at_least_once';
    const _id = 'c/r/s/1/0/0';
    await rows({ _id, due_at: 900, policy, lost_leases: 4 });
    const deferred = { n: 1, at: 950, outcome: 'deferred' };
    await recordOutcomes(store, [{ key: _id, fence: 'nobody', status: 'retry', dueAt: 990, attempt: deferred }]);

    expect(await stored(_id)).not.toHaveProperty('lost_leases');
  });

  it.each([
    ['was claimed anew', { fence: 'somebody' }],
    ['was renewed', { due_at: 1001 }],
    ['was recorded meanwhile', { status: 'sent' }],
  ] as const)('are left alone where the row %s', async (_, more) => {
    await rows({ _id: 'c/r/s/1/0/0', due_at: 900, ...more });
    const before = await stored('c/r/s/1/0/0');

    expect(await expireLease(store, swept({ _id: 'c/r/s/1/0/0' }), 1000, 0)).toBe(null);
    expect(await stored('c/r/s/1/0/0')).toEqual(before);
  });
});

describe('retries', () => {
  beforeEach(() =>
    rows(
      { _id: 'c/a/s/1/0/0', status: 'retry', due_at: 300 },
      { _id: 'c/b/s/1/0/0', status: 'retry', due_at: 100 },
      { _id: 'c/d/s/1/0/0', status: 'retry', due_at: 501 },
      { _id: 'c/e/s/1/0/0', status: 'sending', due_at: 100 },
      { _id: 'other/a/s/1/0/0', status: 'retry', due_at: 50 },
    ),
  );

  it('that are due are found per campaign, oldest first', async () => {
    expect((await dueRetries(store, 'c', 500, 10)).map(({ _id }) => _id)).toEqual(['c/b/s/1/0/0', 'c/a/s/1/0/0']);
    expect(await dueRetries(store, 'c', 500, 1)).toHaveLength(1);
  });

  it('of a closed campaign are withdrawn; what is on the wire ends by itself', async () => {
    expect(await cancelRetries(store, 'c', 600)).toBe(3);

    expect(await stored('c/a/s/1/0/0')).toMatchObject({ status: 'cancelled', settled_at: 600 });
    expect(await stored('c/a/s/1/0/0')).not.toHaveProperty('due_at');
    expect(await stored('c/e/s/1/0/0')).toMatchObject({ status: 'sending' });
    expect(await stored('other/a/s/1/0/0')).toMatchObject({ status: 'retry' });
    expect(await hasOpenRows(store, 'c')).toBe(true);
    expect(await cancelRetries(store, 'c', 700)).toBe(0);
  });

  it.each([
    ['got no answer', { n: 1, at: 1, outcome: 'unknown', reason: 'silence' }],
    ['was lost with its worker', { n: 1, at: 1, outcome: 'retry', reason: 'lease_expired' }],
  ])('of a closed campaign are unknown, not cancelled, where an attempt %s', async (_, attempt) => {
    await rows({ _id: 'd/a/s/1/0/0', campaign_id: 'd', status: 'retry', due_at: 100, attempts: [attempt] });

    expect(await cancelRetries(store, 'd', 600)).toBe(1);

    expect(await stored('d/a/s/1/0/0')).toMatchObject({ status: 'unknown', settled_at: 600 });
    expect(await hasOpenRows(store, 'd')).toBe(false);
  });

  it('are put off, but for those that somebody claimed', async () => {
    await postponeRetries(store, [
      { key: 'c/a/s/1/0/0', dueAt: 900 },
      { key: 'c/e/s/1/0/0', dueAt: 950 },
    ]);

    expect(await stored('c/a/s/1/0/0')).toMatchObject({ due_at: 900 });
    expect(await stored('c/e/s/1/0/0')).toMatchObject({ due_at: 100 });
  });
});

it.each([
  ['sending', true],
  ['retry', true],
  ['sent', false],
  ['failed', false],
  ['unknown', false],
  ['cancelled', false],
  ['suppressed', false],
  ['abandoned', false],
] as const)('a row that is %s: the campaign is open %s', async (status, open) => {
  const { due_at, ...settled } = rowOf('c/r/s/1/0/0', { status });
  await insertSettledRows(store, [open ? { ...settled, due_at: due_at ?? 1 } : settled]);

  expect(await hasOpenRows(store, 'c')).toBe(open);
  expect(await hasOpenRows(store, 'another')).toBe(false);
});
