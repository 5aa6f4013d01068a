import { atScrape, type Figure } from './at-scrape.js';

const figure = (value: number): Figure => ({ labels: {}, value });

/** A reader that the test answers by hand, and a clock that it moves. */
function setUp(timeoutMs = 10_000) {
  let now = 0;
  const reads: { resolve(figures: readonly Figure[]): void; reject(error: Error): void }[] = [];
  const read = () => new Promise<readonly Figure[]>((resolve, reject) => reads.push({ resolve, reject }));
  const scrape = atScrape(read, { timeoutMs, keepMs: 5000, monotonic: () => now });
  const tick = () => new Promise(setImmediate);
  const pass = (ms: number) => {
    now += ms;
  };
  return { reads, scrape, tick, pass };
}

describe('a figure that is read at a scrape', () => {
  it('is read once for all who scrape at a time, and for those who come soon after', async () => {
    const { reads, scrape, tick } = setUp();
    const scrapes = [scrape(), scrape()];
    await tick();
    reads[0]?.resolve([figure(3)]);
    expect(await Promise.all(scrapes)).toEqual([[figure(3)], [figure(3)]]);
    expect(await scrape()).toEqual([figure(3)]);
    expect(reads).toHaveLength(1);
  });

  it('is read anew when it is old', async () => {
    const { reads, scrape, tick, pass } = setUp();
    const first = scrape();
    await tick();
    reads[0]?.resolve([figure(3)]);
    await first;
    pass(5001);
    const second = scrape();
    await tick();
    reads[1]?.resolve([figure(4)]);
    expect(await second).toEqual([figure(4)]);
  });

  it('is absent where it cannot be read, though it was known before', async () => {
    const { reads, scrape, tick, pass } = setUp();
    const first = scrape();
    await tick();
    reads[0]?.resolve([figure(3)]);
    await first;
    pass(5001);
    const second = scrape();
    await tick();
    reads[1]?.reject(new Error('MongoDB is away'));
    expect(await second).toEqual([]);
  });

  it('is absent where it takes too long, and is not asked for a second time meanwhile', async () => {
    const { reads, scrape, tick } = setUp(1);
    expect(await scrape()).toEqual([]);
    expect(await scrape()).toEqual([]);
    expect(reads).toHaveLength(1);
    reads[0]?.resolve([figure(3)]);
    await tick();
    expect(await scrape()).toEqual([figure(3)]);
  });
});
