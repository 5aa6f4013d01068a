import { createPermits } from './permits.js';

describe('createPermits', () => {
  it('lets callers in as long as there are permits, then in order of arrival', async () => {
    const permits = createPermits(3);
    const log: string[] = [];
    const first = await permits.acquire(2);
    const second = permits.acquire(2).then((release) => {
      log.push('second');
      return release;
    });
    const third = permits.acquire(1).then((release) => {
      log.push('third');
      return release;
    });
    await Promise.resolve();
    expect(log).toEqual([]);

    first();
    first(); // giving back twice gives nothing
    await Promise.all([second, third]);
    expect(log).toEqual(['second', 'third']);
    (await second)();
    (await third)();
    await expect(permits.acquire(3)).resolves.toEqual(expect.any(Function));
  });

  it('refuses to wait for more permits than there are', async () => {
    await expect(createPermits(2).acquire(3)).rejects.toThrow('Asked for 3 of 2 permits.');
  });
});
