import { type DueItem, toBatches } from './hand-out.js';

const OPTIONS = { campaignId: 'c', batchSize: 100, intervalMs: 10_000, now: 5000, prefix: 'p' };
const at = (...dueAts: number[]): DueItem[] => dueAts.map((dueAt, i) => ({ id: `c/${i}`, version: 1, dueAt }));

/** Delays and how many conversations each batch takes. */
const shape = (items: readonly DueItem[], options = OPTIONS) =>
  toBatches(items, options).map(({ delayMs, payload }) => [delayMs, payload.conversation_ids.length]);

it.each<[string, readonly DueItem[], number[][]]>([
  ['nothing', [], []],
  ['what is overdue runs at once, together', at(0, 4999, 5000), [[0, 3]]],
  ['what is due within one slice runs at its end', at(5001, 5500, 6000), [[1000, 3]]],
  [
    'the next slice is a batch of its own',
    at(6000, 6001, 6999.5, 7000),
    [
      [1000, 1],
      [2000, 3],
    ],
  ],
  ['an instant between two milliseconds is not run too early', at(6000.25), [[2000, 1]]],
])('%s', (_, items, expected) => {
  expect(shape(items)).toEqual(expected);
});

it.each([
  ['a tenth of the interval', 5000, 500],
  ['a second at most', 60_000, 1000],
  ['50 ms at least', 200, 50],
  ['also of an odd interval', 1230, 123],
])('a slice is %s (%i ms): %i ms', (_, intervalMs, sliceMs) => {
  const now = 123 * 50 * 1000;
  const items = at(now + 1, now + sliceMs, now + sliceMs + 1);

  expect(shape(items, { ...OPTIONS, now, intervalMs })).toEqual([
    [sliceMs, 2],
    [2 * sliceMs, 1],
  ]);
});

it('no batch is larger than the batch size, and every conversation is in one', () => {
  const items = at(...Array.from({ length: 250 }, (_, i) => (i < 230 ? 0 : 5500)));
  const batches = toBatches(items, OPTIONS);

  expect(batches.map(({ payload }) => payload.conversation_ids.length)).toEqual([100, 100, 30, 20]);
  expect(batches.flatMap(({ payload }) => payload.conversation_ids)).toEqual(items.map(({ id }) => id));
  for (const { name, payload } of batches) expect([name, payload.campaign_id]).toEqual(['advance-batch', 'c']);
});

it('never runs a conversation before it is due, nor more than a slice after', () => {
  const items = at(...Array.from({ length: 500 }, (_, i) => 5000 + i * 37.3));
  for (const { delayMs = 0, payload } of toBatches(items, OPTIONS)) {
    for (const id of payload.conversation_ids) {
      const waits = OPTIONS.now + delayMs - (items.find((item) => item.id === id)?.dueAt ?? Number.NaN);
      expect(waits).toBeGreaterThanOrEqual(0);
      expect(waits).toBeLessThan(1000);
    }
  }
});

it('the trace goes with the job, where there is one', () => {
  expect(toBatches(at(0), { ...OPTIONS, traceId: 't' } as typeof OPTIONS)[0]?.payload).toMatchObject({ trace_id: 't' });
  expect(toBatches(at(0), OPTIONS)[0]?.payload).not.toHaveProperty('trace_id');
});
