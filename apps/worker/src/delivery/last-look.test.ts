import type { Verdict } from '@campaign-manager/core/store';
import { createLastLook } from './last-look.js';

/** A sending whose claim, gate and start are so old by now, with a time-out of 10 s and a lease of 15 s. */
function lastLook(ages: { claimMs: number; gateMs: number; startMs?: number }, again: Verdict = 'pass', readMs = 0) {
  let started = false;
  const went: number[] = [];
  let reads = 0;
  const { look, stopped } = createLastLook({
    sinceGate: () => ages.gateMs,
    leaseLeftMs: () => 15_000 - ages.claimMs,
    timeoutMs: 10_000,
    stopwatch: () => {
      const first = !started;
      started = true;
      return () => (first ? (ages.startMs ?? 0) : readMs);
    },
    gateAgain: async () => {
      reads += 1;
      return again;
    },
    onGone: (ageMs) => went.push(ageMs),
  });
  return { look, stopped, went, reads: () => reads };
}

/** What a channel writes in the turn of the look has left. */
const handedOver = () => new Promise(setImmediate);

describe('the last look', () => {
  it('says go at once while gate and lease are fresh, and tells how old the gate is', async () => {
    const { look, went, reads } = lastLook({ claimMs: 900, gateMs: 800 });
    expect(look()).toBeNull();
    await handedOver();
    expect([went, reads()]).toEqual([[800], 0]);
  });

  it('tells of a process that was suspended between the look and the wire', async () => {
    const ages = { claimMs: 900, gateMs: 800 };
    const { look, went } = lastLook(ages);
    expect(look()).toBeNull();
    ages.gateMs = 1800;
    await handedOver();
    expect(went).toEqual([1800]);
  });

  it.each([
    ['is over', { claimMs: 15_000, gateMs: 100, startMs: 9000 }],
    ['is long over: the process was suspended', { claimMs: 600_000, gateMs: 600_000, startMs: 600_000 }],
    ['does not cover the rest of the sending', { claimMs: 5100, gateMs: 100, startMs: 0 }],
  ])('says stop where the lease %s, and does not ask anybody', async (_, ages) => {
    const { look, went, reads, stopped } = lastLook(ages);
    expect(look()).toBe('the lease is over');
    await handedOver();
    expect([went, reads(), stopped()]).toEqual([[], 0, 'halt']);
  });

  it('reads the gate again where a slow server made it stale', async () => {
    const { look, went, reads } = lastLook({ claimMs: 3000, gateMs: 2900, startMs: 2000 }, 'pass', 30);
    expect(await look()).toBeNull();
    await handedOver();
    expect([went, reads()]).toEqual([[30], 1]);
  });

  it.each(['back', 'halt', 'withdrawn', 'suppressed'] as const)('stops where the gate says %s now', async (verdict) => {
    const { look, went, stopped } = lastLook({ claimMs: 3000, gateMs: 2900, startMs: 2000 }, verdict);
    expect(await look()).toBe(`the gate says ${verdict}`);
    await handedOver();
    expect([went, stopped()]).toEqual([[], verdict]);
  });

  it('stops where reading the gate again takes too long as well', async () => {
    const { look, stopped } = lastLook({ claimMs: 3000, gateMs: 2900, startMs: 2000 }, 'pass', 1001);
    expect(await look()).toBe('the look through the gate is stale');
    expect(stopped()).toBe('halt');
  });
});
