import { atOnceOrSingly } from './at-once-or-singly.js';

const double = async (n: number) => {
  if (n < 0) throw new RangeError(`${n}`);
  return n * 2;
};
const all = jest.fn((some: readonly number[]) => Promise.all(some.map(double)));
const one = jest.fn(double);

beforeEach(() => jest.clearAllMocks());

it('works on many at once', async () => {
  expect(await atOnceOrSingly([1, 2, 3], { all, one })).toEqual([2, 4, 6].map((value) => ({ ok: true, value })));
  expect([all.mock.calls.length, one.mock.calls.length]).toEqual([1, 0]);
});

it('works on one alone as on one alone', async () => {
  expect(await atOnceOrSingly([4], { all, one })).toEqual([{ ok: true, value: 8 }]);
  expect([all.mock.calls.length, one.mock.calls.length]).toEqual([0, 1]);
});

it('works on each alone where it cannot work on all: one that fails fails for itself', async () => {
  expect(await atOnceOrSingly([1, -2, 3], { all, one })).toEqual([
    { ok: true, value: 2 },
    { ok: false, error: new RangeError('-2') },
    { ok: true, value: 6 },
  ]);
});

it('does nothing for nobody', async () => {
  expect(await atOnceOrSingly([], { all, one })).toEqual([]);
  expect([all.mock.calls.length, one.mock.calls.length]).toEqual([0, 0]);
});
