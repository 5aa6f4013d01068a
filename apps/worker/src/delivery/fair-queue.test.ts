import { createFairQueue } from './fair-queue.js';

const fill = (queue: ReturnType<typeof createFairQueue<string>>, id: string, count: number, weight = 2) => {
  for (let i = 0; i < count; i += 1) queue.push(`${id}${i}`, { id, weight });
};

function drain(queue: ReturnType<typeof createFairQueue<string>>, count: number): string[] {
  const chunks: string[] = [];
  while (queue.size() > 0) chunks.push(queue.next(count).join(' '));
  return chunks;
}

it('one line is first in, first out', () => {
  const queue = createFairQueue<string>();
  fill(queue, 'a', 5);
  expect(drain(queue, 2)).toEqual(['a0 a1', 'a2 a3', 'a4']);
  expect(queue.next(2)).toEqual([]);
});

it('a small line does not wait for a long one that came before it', () => {
  const queue = createFairQueue<string>();
  fill(queue, 'huge', 100);
  queue.next(8);
  fill(queue, 'small', 1);
  expect(queue.next(8)).toEqual(['small0']);
});

it.each([
  [2, 2, 0.5],
  [4, 1, 0.8],
  [4, 2, 2 / 3],
  [1, 2, 1 / 3],
])('lines of weight %d and %d: the first one gets a share of %d', (one, other, share) => {
  const queue = createFairQueue<string>();
  fill(queue, 'a', 400, one);
  fill(queue, 'b', 400, other);
  const served = Array.from({ length: 30 }, () => queue.next(8)).flat();
  const first = served.filter((item) => item.startsWith('a')).length / served.length;
  expect(Math.abs(first - share)).toBeLessThan(0.06);
});

it('a line that was empty for long has saved nothing up', () => {
  const queue = createFairQueue<string>();
  fill(queue, 'a', 1);
  queue.next(1);
  fill(queue, 'b', 40);
  for (let i = 0; i < 10; i += 1) queue.next(2);
  fill(queue, 'a', 40);
  const next = Array.from({ length: 8 }, () => queue.next(1)[0]?.[0]);
  expect(next.filter((line) => line === 'a').length).toBeLessThanOrEqual(5);
});

it('a chunk ends before the first item that is not alike', () => {
  const queue = createFairQueue<string>();
  for (const item of ['x1', 'x2', 'y1', 'x3']) queue.push(item, { id: 'a', weight: 2 });
  const alike = (first: string, other: string) => first[0] === other[0];
  expect([queue.next(8, alike), queue.next(8, alike), queue.next(8, alike)]).toEqual([['x1', 'x2'], ['y1'], ['x3']]);
});

it('what is removed is gone, and the rest is served as before', () => {
  const queue = createFairQueue<string>();
  fill(queue, 'a', 3);
  fill(queue, 'b', 1);
  expect(queue.remove((item) => item !== 'a1')).toEqual(['a0', 'a2', 'b0']);
  expect(queue.size()).toBe(1);
  expect(drain(queue, 8)).toEqual(['a1']);
});
