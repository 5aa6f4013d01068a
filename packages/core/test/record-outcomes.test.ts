import { mongoCommand, startTcpProxy, type TcpProxy, testMongoUri } from '@campaign-manager/testkit';
import type { MessageDocument } from '../src/models/index.js';
import {
  insertSettledRows,
  loadMessages,
  type RowOutcome,
  recordOutcomes,
  type Store,
  settleUnknown,
} from '../src/store/index.js';
import { rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;
let proxy: TcpProxy;

beforeAll(async () => {
  test = await openTestStore('record');
  store = test.store;
  proxy = await startTcpProxy(testMongoUri());
});

afterAll(async () => {
  await test.close();
  await proxy.close();
});

async function row(name: string, more: Partial<MessageDocument> = {}): Promise<string> {
  const key = `c/${name}/hello/1/0/0`;
  await insertSettledRows(store, [rowOf(key, { fence: 'mine', ...more })]);
  return key;
}

async function stored(key: string): Promise<MessageDocument | undefined> {
  return (await loadMessages(store, [key]))[0];
}

const sent = (key: string, more: Partial<RowOutcome> = {}): RowOutcome => ({
  key,
  fence: 'mine',
  status: 'sent',
  attempt: { n: 1, at: 4000, outcome: 'accepted' },
  providerId: 'p1',
  ...more,
});

describe('an outcome is recorded', () => {
  it('by the fence that holds the row, and settles it', async () => {
    const key = await row('held');
    await recordOutcomes(store, [sent(key)]);

    const { due_at: _none, ...rest } = rowOf(key);
    expect(await stored(key)).toEqual({
      ...rest,
      fence: 'mine',
      status: 'sent',
      settled_at: 4000,
      provider_id: 'p1',
      attempts: [{ n: 1, at: 4000, outcome: 'accepted' }],
    });
  });

  it('late, by the same fence, when the lease has run out meanwhile', async () => {
    const key = await row('expired', { status: 'unknown', settled_at: 3000 });
    await recordOutcomes(store, [sent(key)]);

    expect(await stored(key)).toMatchObject({ status: 'sent', settled_at: 4000 });
  });

  it('once, when the answer to the write is lost and it is written again', async () => {
    const through = await test.connect(proxy.uri);
    const key = await row('twice', { attempt: 2 });
    const held: RowOutcome = {
      key,
      fence: 'mine',
      status: 'retry',
      dueAt: 5000,
      uncounted: true,
      attempt: { n: 2, at: 1, outcome: 'held_back' },
    };
    proxy.lose('answer', mongoCommand('update'));

    await expect(recordOutcomes(through, [held])).rejects.toThrow();
    await recordOutcomes(store, [held]);

    expect(await stored(key)).toMatchObject({ status: 'retry', attempt: 1, due_at: 5000, attempts: [{ n: 2 }] });
    expect((await stored(key))?.attempts).toHaveLength(1);
  });

  it('as a retry without an end of its own', async () => {
    const key = await row('retry', { status: 'unknown', settled_at: 3000 });
    await recordOutcomes(store, [
      { key, fence: 'mine', status: 'retry', dueAt: 5000, attempt: { n: 1, at: 4000, outcome: 'deferred' } },
    ]);

    expect(await stored(key)).toMatchObject({ status: 'retry', due_at: 5000 });
    expect(await stored(key)).not.toHaveProperty('settled_at');
  });
});

it.each([
  ['another fence', { fence: 'theirs' }],
  ['a row that another worker put off', { status: 'retry', fence: 'theirs' }],
  ['a row that was sent', { status: 'sent' }],
  ['a row that failed', { status: 'failed' }],
  ['a row that was withdrawn', { status: 'cancelled' }],
  ['a row that an operator gave up', { status: 'abandoned' }],
] as const)('an outcome does not touch %s, and the rest of its group is recorded', async (name, more) => {
  const stranger = await row(`not-${name.replaceAll(' ', '-')}`, more);
  const own = await row(`own-${name.replaceAll(' ', '-')}`);
  const before = await stored(stranger);

  await recordOutcomes(store, [sent(stranger), sent(own)]);

  expect(await stored(stranger)).toEqual(before);
  expect(await stored(own)).toMatchObject({ status: 'sent' });
});

it('the attempts of a row are bounded: the last 50 stay', async () => {
  const key = await row('many', {
    attempts: Array.from({ length: 60 }, (_, n) => ({ n, at: n, outcome: 'deferred' })),
  });
  await recordOutcomes(store, [sent(key, { attempt: { n: 60, at: 60, outcome: 'accepted' } })]);

  const attempts = (await stored(key))?.attempts ?? [];
  expect(attempts.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, i) => i + 11));
});

describe('an operator settles', () => {
  const word = { n: 1, at: 6000, outcome: 'operator' };

  it.each(['sent', 'abandoned'] as const)('an unknown message as %s, once', async (status) => {
    const key = await row(`operator-${status}`, { status: 'unknown' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => settleUnknown(store, key, status, word)));

    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await stored(key)).toMatchObject({ status, settled_at: 6000, attempts: [word] });
  });

  it.each(['sending', 'retry', 'sent', 'failed', 'cancelled', 'suppressed', 'abandoned'] as const)(
    'nothing that is %s',
    async (status) => {
      const key = await row(`nothing-${status}`, { status });
      expect(await settleUnknown(store, key, 'sent', word)).toBe(false);
      expect(await stored(key)).toMatchObject({ status, attempts: [] });
    },
  );
});
