import {
  addSuppressions,
  findSuppression,
  type NewSuppression,
  parseSuppressionId,
  removeSuppression,
  type Store,
  suppressionId,
  suppressionsPage,
} from '../src/store/index.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('suppressions');
  store = test.store;
});

afterEach(() => store.suppressions.deleteMany({}));
afterAll(() => test.close());

const entry = (address: string, more: Partial<NewSuppression> = {}): NewSuppression => ({
  channel: 'email',
  address,
  reason: 'manual',
  createdAt: new Date(1000),
  ...more,
});

it('an address is suppressed once, whatever its case, and keeps the reason that it came with first', async () => {
  expect(await addSuppressions(store, [entry(' Ann@Example.test ', { reason: 'stop', source: 'r1' })])).toBe(1);
  expect(
    await addSuppressions(store, [entry('ann@example.TEST', { reason: 'import' }), entry('bob@example.test')]),
  ).toBe(1);

  expect(await findSuppression(store, suppressionId('email', 'ANN@example.test'))).toEqual({
    _id: 'email:ann@example.test',
    reason: 'stop',
    source: 'r1',
    created_at: new Date(1000),
  });
});

it('a bounce gives way to what somebody said, and to no other bounce', async () => {
  const source = async () => (await findSuppression(store, 'email:a@x.test'))?.source;
  await addSuppressions(store, [entry('a@x.test', { reason: 'bounce', source: 'first' })]);
  await addSuppressions(store, [entry('a@x.test', { reason: 'bounce', source: 'again' })]);
  expect(await source()).toBe('first');

  expect(await addSuppressions(store, [entry('a@x.test', { reason: 'unsubscribe', source: 'link' })])).toBe(0);
  expect(await findSuppression(store, 'email:a@x.test')).toMatchObject({ reason: 'unsubscribe', source: 'link' });
  await addSuppressions(store, [entry('a@x.test', { reason: 'bounce', source: 'late' })]);
  expect(await source()).toBe('link');
});

it('of two entries for one address in one batch the later counts', async () => {
  expect(await addSuppressions(store, [entry('a@x.test'), entry('A@x.test', { reason: 'bounce' })])).toBe(1);
  expect(await findSuppression(store, 'email:a@x.test')).toMatchObject({ reason: 'bounce' });
});

it('many that add the same addresses at once disturb nobody', async () => {
  const batch = Array.from({ length: 50 }, (_, i) => entry(`r${i}@x.test`));
  const created = await Promise.all(Array.from({ length: 8 }, () => addSuppressions(store, batch)));

  expect(created.reduce((sum, n) => sum + n, 0)).toBe(50);
});

it('removing tells whether there was something to remove', async () => {
  await addSuppressions(store, [entry('a@x.test')]);

  expect(await removeSuppression(store, 'email:a@x.test')).toBe(true);
  expect(await removeSuppression(store, 'email:a@x.test')).toBe(false);
  expect(await findSuppression(store, 'email:a@x.test')).toBeNull();
});

it('pages go through the whole list, or through that of one channel', async () => {
  await addSuppressions(store, [
    entry('c@x.test'),
    entry('a@x.test'),
    entry('b@x.test'),
    entry('user:1', { channel: 'webhook' }),
    entry('z', { channel: 'log' }),
  ]);
  const ids = async (...args: [Parameters<typeof suppressionsPage>[1], string, number]) =>
    (await suppressionsPage(store, ...args)).map(({ _id }) => _id);

  expect(await ids(undefined, '', 3)).toEqual(['email:a@x.test', 'email:b@x.test', 'email:c@x.test']);
  expect(await ids(undefined, 'email:c@x.test', 3)).toEqual(['log:z', 'webhook:user:1']);
  expect(await ids('email', '', 2)).toEqual(['email:a@x.test', 'email:b@x.test']);
  expect(await ids('email', 'email:b@x.test', 2)).toEqual(['email:c@x.test']);
  expect(await ids('webhook', 'email:c@x.test', 2)).toEqual(['webhook:user:1']);
  expect(parseSuppressionId('webhook:user:1')).toEqual({ channel: 'webhook', address: 'user:1' });
});
