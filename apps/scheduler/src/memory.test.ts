import { createMemory, createRotation } from './memory.js';

const reader = (list: () => readonly number[]) => async (after: number | undefined, limit: number) =>
  list()
    .filter((one) => one > (after ?? 0))
    .slice(0, limit);

describe('a rotation', () => {
  it('comes by everything, page by page, and begins again', async () => {
    const rotation = createRotation<number>();
    const read = reader(() => [1, 2, 3, 4, 5]);
    const pages = [];
    for (let sweep = 0; sweep < 4; sweep++) pages.push(await rotation.next(read, 2));
    expect(pages).toEqual([[1, 2], [3, 4], [5], [1, 2]]);
  });

  it('wastes no sweep where the last page was full', async () => {
    const rotation = createRotation<number>();
    const read = reader(() => [1, 2]);
    expect(await rotation.next(read, 2)).toEqual([1, 2]);
    expect(await rotation.next(read, 2)).toEqual([1, 2]);
  });

  it('goes on where what it had reached is gone', async () => {
    const rotation = createRotation<number>();
    let list = [1, 2, 3, 4, 5, 6];
    const read = reader(() => list);
    await rotation.next(read, 2);
    list = [1, 5, 6];
    expect(await rotation.next(read, 2)).toEqual([5, 6]);
  });

  it('stays where it is when a page could not be read', async () => {
    const rotation = createRotation<number>();
    const read = reader(() => [1, 2, 3]);
    await rotation.next(read, 2);
    await expect(rotation.next(() => Promise.reject(new Error('away')), 2)).rejects.toThrow('away');
    expect(await rotation.next(read, 2)).toEqual([3]);
  });
});

it('a memory keeps the lists apart', async () => {
  const memory = createMemory();
  const read = reader(() => [1, 2, 3]);
  expect(await memory.list<number>('a').next(read, 2)).toEqual([1, 2]);
  expect(await memory.list<number>('b').next(read, 2)).toEqual([1, 2]);
  expect(await memory.list<number>('a').next(read, 2)).toEqual([3]);
});
