import { createClock } from './clock.js';

/** A machine and a MongoDB whose clocks and network are set by hand. */
function world(start: { serverAhead: number }) {
  const state = { elapsed: 0, wallJump: 0, serverAhead: start.serverAhead, there: 0, back: 0, asked: 0, away: false };
  const wall = () => 1_000_000 + state.elapsed + state.wallJump;
  const server = () => 1_000_000 + state.elapsed + state.serverAhead;
  const readServerTime = async () => {
    state.asked += 1;
    if (state.away) throw new Error('away');
    state.elapsed += state.there;
    const answer = server();
    state.elapsed += state.back;
    return answer;
  };
  const clock = createClock({ readServerTime, wall, monotonic: () => 77 + state.elapsed, intervalMs: 1 });
  return { state, server, clock };
}

describe('the clock', () => {
  it.each([0, 300, -300, 60_000, -60_000])(
    'tells the time of MongoDB where that is %i ms ahead',
    async (serverAhead) => {
      const { state, server, clock } = world({ serverAhead });
      await clock.sync();
      state.elapsed += 12_345;
      expect(clock.now()).toBe(server());
      expect(clock.offsetMs()).toBe(0 - serverAhead);
    },
  );

  it("is this machine's before the first synchronisation", () => {
    const { clock } = world({ serverAhead: 5000 });
    expect(clock.now()).toBe(1_000_000);
    expect(clock.skewed()).toBeNull();
  });

  it('takes the middle of the round trip', async () => {
    const { state, server, clock } = world({ serverAhead: 0 });
    Object.assign(state, { there: 40, back: 60 });
    await clock.sync();
    expect(clock.now() - server()).toBe(-10);
  });

  it('trusts the shortest of the recent round trips', async () => {
    const { state, server, clock } = world({ serverAhead: 700 });
    await clock.sync();
    Object.assign(state, { there: 0, back: 900 });
    await clock.sync();
    expect(clock.now()).toBe(server());
  });

  it('follows when the clock of MongoDB is set', async () => {
    const { state, server, clock } = world({ serverAhead: 0 });
    await clock.sync();
    Object.assign(state, { serverAhead: 5000, there: 10, back: 10 });
    await clock.sync();
    expect(clock.now()).toBe(server());
  });

  it('follows a drift, because old round trips stop counting', async () => {
    const { state, server, clock } = world({ serverAhead: 0 });
    await clock.sync();
    Object.assign(state, { there: 1, back: 1 });
    for (let i = 0; i < 10; i++) {
      state.serverAhead += 1;
      await clock.sync();
    }
    expect(Math.abs(clock.now() - server())).toBeLessThanOrEqual(8);
  });

  it.each([
    [-2001, "This machine's clock is 2.0 s ahead of MongoDB's."],
    [3500, "This machine's clock is 3.5 s behind MongoDB's."],
    [-2000, null],
    [2000, null],
  ])('says about a MongoDB that is %i ms ahead: %s', async (serverAhead, reason) => {
    const { clock } = world({ serverAhead });
    await clock.sync();
    expect(clock.skewed()).toBe(reason);
  });

  it("notices a jump of this machine's clock at once, and tells the right time all the same", async () => {
    const { state, server, clock } = world({ serverAhead: 0 });
    await clock.sync();
    state.wallJump = 3_600_000;
    expect(clock.skewed()).toBe("This machine's clock is 3600.0 s ahead of MongoDB's.");
    expect(clock.now()).toBe(server());
  });

  it('asks once where two synchronisations meet', async () => {
    const { state, clock } = world({ serverAhead: 0 });
    await Promise.all([clock.sync(), clock.sync()]);
    expect(state.asked).toBe(1);
  });

  it('keeps its time, and goes on asking, while MongoDB is away', async () => {
    const { state, server, clock } = world({ serverAhead: 500 });
    await clock.sync();
    state.away = true;
    await expect(clock.sync()).rejects.toThrow('away');
    expect(clock.now()).toBe(server());
    clock.start();
    const asked = state.asked;
    while (state.asked < asked + 3) await new Promise((resolve) => setTimeout(resolve, 1));
    clock.stop();
  });
});
