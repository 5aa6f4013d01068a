import { mongoCommand, startTcpProxy, type TcpProxy, testMongoUri } from '@campaign-manager/testkit';
import type { MessageDocument } from '../src/models/index.js';
import { type Claim, claimMessages, insertSettledRows, loadMessages, type Store } from '../src/store/index.js';
import { rowOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;
let proxy: TcpProxy;

beforeAll(async () => {
  test = await openTestStore('claim');
  store = test.store;
  proxy = await startTcpProxy(testMongoUri());
});

afterAll(async () => {
  await test.close();
  await proxy.close();
});

const keys = (campaign: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${campaign}/r${i}/hello/1/0/0`);
const first = (key: string, fence: string): Claim => ({ row: rowOf(key, { fence }), seenAttempt: null });

async function stored(key: string): Promise<MessageDocument | undefined> {
  return (await loadMessages(store, [key]))[0];
}

describe('the insert is the lock', () => {
  it('of 20 workers that claim the same messages at once, each message has exactly one owner', async () => {
    const wanted = keys('crowd', 30);
    const fences = Array.from({ length: 20 }, (_, i) => `fence-${i}`);

    const owned = await Promise.all(
      fences.map((fence) =>
        claimMessages(
          store,
          wanted.map((key) => first(key, fence)),
          fence,
        ),
      ),
    );

    for (const key of wanted) {
      const owners = fences.filter((_, i) => owned[i]?.has(key));
      expect(owners).toHaveLength(1);
      expect((await stored(key))?.fence).toBe(owners[0]);
    }
  });

  it('a row that was settled without being sent is nobody’s to claim', async () => {
    const [key = ''] = keys('settled', 1);
    await insertSettledRows(store, [rowOf(key, { status: 'suppressed', fence: '' })]);

    expect(await claimMessages(store, [first(key, 'mine')], 'mine')).toEqual(new Set());
    expect((await stored(key))?.status).toBe('suppressed');
  });
});

describe('when the answer to a claim is lost', () => {
  it('rows with our own fence are ours, and nobody else’s', async () => {
    const wanted = keys('lost', 4);
    await claimMessages(store, [first(wanted[2] ?? '', 'theirs')], 'theirs');
    const through = await test.connect(proxy.uri);

    const mishap = proxy.lose('answer', mongoCommand('insert'));
    const ours = await claimMessages(
      through,
      wanted.map((key) => first(key, 'ours')),
      'ours',
    );

    expect(mishap.happened()).toBe(true);
    expect([...ours]).toEqual([wanted[0], wanted[1], wanted[3]]);
  });

  it('a claim that never arrived is made again, and one that arrives late as well is still ours alone', async () => {
    const wanted = keys('late', 3);
    const through = await test.connect(proxy.uri);

    const mishap = proxy.lose('request', mongoCommand('insert'));
    const ours = await claimMessages(
      through,
      wanted.map((key) => first(key, 'ours')),
      'ours',
    );
    await mishap.deliver();

    expect([...ours]).toEqual(wanted);
    expect((await loadMessages(store, wanted)).map(({ fence, attempt }) => [fence, attempt])).toEqual(
      wanted.map(() => ['ours', 1]),
    );
  });

  it('a claim that MongoDB cannot take is an error: else the message would be nobody’s', async () => {
    const [key = ''] = keys('huge', 1);
    const huge: Claim = { row: rowOf(key, { body: 'x'.repeat(17 * 1024 * 1024) }), seenAttempt: null };

    await expect(claimMessages(store, [huge], 'huge')).rejects.toThrow();
    expect(await stored(key)).toBeUndefined();
  });
});

describe('a row that waits for another attempt', () => {
  const retry = (key: string, more: Partial<MessageDocument> = {}) =>
    rowOf(key, {
      status: 'retry',
      attempt: 2,
      fence: 'before',
      due_at: 500,
      attempts: [{ n: 2, at: 1, outcome: 'deferred' }],
      ...more,
    });
  const again = (key: string, fence: string): Claim => ({
    row: { ...retry(key), status: 'sending', attempt: 3, fence, due_at: 9000, claimed_at: 700 },
    seenAttempt: 2,
  });

  it('is claimed by exactly one of many, once, and keeps its content and history', async () => {
    const [key = ''] = keys('again', 1);
    await insertSettledRows(store, [retry(key, { body: 'as it was rendered' })]);
    const fences = Array.from({ length: 20 }, (_, i) => `fence-${i}`);

    const owned = await Promise.all(fences.map((fence) => claimMessages(store, [again(key, fence)], fence)));

    const owners = fences.filter((_, i) => owned[i]?.has(key));
    expect(owners).toHaveLength(1);
    expect(await stored(key)).toEqual({
      ...retry(key, { body: 'as it was rendered' }),
      status: 'sending',
      attempt: 3,
      fence: owners[0],
      due_at: 9000,
      claimed_at: 700,
    });
  });

  it.each([
    ['has been tried again since', { attempt: 3 }],
    ['is being sent', { status: 'sending' }],
    ['was sent', { status: 'sent' }],
    ['is unknown', { status: 'unknown' }],
    ['was withdrawn', { status: 'cancelled' }],
  ] as const)('is not claimed when it %s', async (name, more) => {
    const key = `not/${name.replaceAll(' ', '-')}/hello/1/0/0`;
    await insertSettledRows(store, [retry(key, more)]);

    expect(await claimMessages(store, [again(key, 'mine')], 'mine')).toEqual(new Set());
    expect(await stored(key)).toMatchObject({ fence: 'before', ...more });
  });

  it('is ours where the answer was lost', async () => {
    const [key = ''] = keys('again-lost', 1);
    await insertSettledRows(store, [retry(key)]);
    const through = await test.connect(proxy.uri);

    const mishap = proxy.lose('answer', mongoCommand('update'));

    expect(await claimMessages(through, [again(key, 'ours')], 'ours')).toEqual(new Set([key]));
    expect(mishap.happened()).toBe(true);
  });
});

it('settled rows are inserted once, by many at once, and what exists stays as it is', async () => {
  const wanted = keys('once', 10);
  await claimMessages(store, [first(wanted[0] ?? '', 'ours')], 'ours');

  await Promise.all(
    Array.from({ length: 20 }, () =>
      insertSettledRows(
        store,
        wanted.map((key) => rowOf(key, { status: 'suppressed', fence: '', settled_at: 5 })),
      ),
    ),
  );

  const rows = await loadMessages(store, wanted);
  expect(rows.map(({ status }) => status).sort()).toEqual(['sending', ...Array<string>(9).fill('suppressed')]);
});
