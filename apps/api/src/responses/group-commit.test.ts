import { setImmediate as turn } from 'node:timers/promises';
import type { Outcome } from './at-once-or-singly.js';
import { groupCommit } from './group-commit.js';

interface Write {
  readonly group: readonly string[];
  /** Ends the write; those named fail. */
  end(...failing: string[]): Promise<void>;
}

/** A group commit whose writes end when the test says so; an item is `reply conversation`. */
function begin({ max = 10, patienceMs = 60_000 } = {}) {
  const writes: Write[] = [];
  const put = groupCommit<string, string>({
    max,
    patienceMs,
    keysOf: (item) => item.split(' ').slice(1),
    write: (group) =>
      new Promise((resolve) => {
        const outcome = (item: string, failing: readonly string[]): Outcome<string> =>
          failing.includes(item) ? { ok: false, error: new Error(item) } : { ok: true, value: `${item}!` };
        writes.push({
          group,
          end: async (...failing) => {
            resolve(group.map((item) => outcome(item, failing)));
            await turn();
          },
        });
      }),
  });
  return { put, writes, groups: () => writes.map(({ group }) => group) };
}

it('writes one alone at once, and gathers those who come meanwhile', async () => {
  const { put, writes, groups } = begin();
  const first = put('1 a');
  expect(groups()).toEqual([['1 a']]);
  const others = [put('2 b'), put('3 c')];
  expect(groups()).toEqual([['1 a']]);

  await writes[0]?.end();
  expect(await first).toBe('1 a!');
  expect(groups()).toEqual([['1 a'], ['2 b', '3 c']]);
  await writes[1]?.end();
  expect(await Promise.all(others)).toEqual(['2 b!', '3 c!']);

  void put('4 d');
  expect(groups()).toHaveLength(3);
});

it('answers each with its own error', async () => {
  const { put, writes } = begin();
  void put('0 z');
  const answers = Promise.allSettled([put('1 a'), put('2 b')]);
  await writes[0]?.end();
  await writes[1]?.end('1 a');

  expect(await answers).toMatchObject([
    { status: 'rejected', reason: { message: '1 a' } },
    { status: 'fulfilled', value: '2 b!' },
  ]);
});

it('rejects all of a group whose write is broken, and goes on', async () => {
  let broken = true;
  const put = groupCommit<string, string>({
    max: 10,
    patienceMs: 60_000,
    keysOf: (item) => [item],
    write: async (group) => {
      if (broken) throw new TypeError('broken');
      return group.map((value) => ({ ok: true, value }));
    },
  });
  await expect(put('a')).rejects.toThrow('broken');
  broken = false;
  expect(await put('b')).toBe('b');
});

it('writes those of one conversation one after the other, in their order', async () => {
  const { put, writes, groups } = begin();
  for (const item of ['1 a', '2 a', '3 b', '4 a']) void put(item);
  for (let i = 0; i < 3; i++) await writes[i]?.end();

  expect(groups()).toEqual([['1 a'], ['2 a', '3 b'], ['4 a']]);
});

it('does not wait for a group that hangs, but for those of its conversations', async () => {
  const { put, writes, groups } = begin({ patienceMs: 1 });
  void put('1 a');
  void put('2 a');
  const free = put('3 b');
  while (groups().length < 2) await turn();
  expect(groups()).toEqual([['1 a'], ['3 b']]);
  await writes[1]?.end();
  expect(await free).toBe('3 b!');
  expect(groups()).toHaveLength(2);

  await writes[0]?.end();
  expect(groups()).toEqual([['1 a'], ['3 b'], ['2 a']]);
});
