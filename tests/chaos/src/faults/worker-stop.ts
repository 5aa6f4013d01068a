import { setTimeout as delay } from 'node:timers/promises';
import { type RunningProcess, STOP_POINTS, type StopPoint, stoppingAt } from '@campaign-manager/testkit';
import type { Fault } from '../fault.js';
import { openAtOnce } from '../world/dials.js';
import { ownerOf } from '../world/owner-of.js';
import { LEASE_MS, type World } from '../world/world.js';
import { steadyLoad } from './steady-load.js';

const WIRE_POINTS = ['rcpt', 'data', 'body'] as const;
type WirePoint = (typeof WIRE_POINTS)[number];

/** A stop on the wire: the mailbox holds the sender there and stops its process. */
interface WireTrap {
  readonly point: WirePoint;
  /** The mailbox's. */
  readonly port: number;
  readonly spring: (pid: number) => void;
}

/** After its lease the sweep needs a poll or two. */
const SWEPT_MS = 4000;
/** Long enough for what a resumed worker still wants to do. */
const AFTERMATH_MS = 1500;

/**
 * A worker is stopped (SIGSTOP) at each point of a delivery, from its claim to the record of its outcome, until its
 * lease has run out and others have dealt with its messages. Then it goes on as if nothing had been.
 */
export const workerStop: Fault = {
  name: 'worker-stop',
  about: 'SIGSTOP of a worker at each point from claim to record, for longer than its lease; then it goes on',
  plan: (dose) => {
    let trap: WireTrap | undefined;
    let pids: readonly number[] = [];
    const meet = async (point: WirePoint, port: number) => {
      if (trap?.point !== point) return;
      const pid = await ownerOf({ from: port, to: trap.port }, pids);
      if (pid === undefined || trap?.point !== point) return;
      const { spring } = trap;
      trap = undefined;
      process.kill(pid, 'SIGSTOP');
      spring(pid);
    };

    /** Stops a fresh worker inside its own process. */
    const stopInside = async (world: World, point: StopPoint, digit: number) => {
      const worker = await world.workers.add(stoppingAt(point, new RegExp(`-p\\d*${digit}/`)));
      await worker.waitForLine(/^STOPPED at/);
      await outlast(world, worker);
    };
    /** Stops one of the workers that happen to be at that point on the wire. */
    const stopOnTheWire = async (world: World, point: WirePoint) => {
      const worker = await world.workers.add();
      pids = [worker.pid];
      await new Promise<number>((spring) => {
        trap = { point, port: Number(new URL(world.mailbox.uri).port), spring };
      });
      await outlast(world, worker);
    };

    return {
      loads: [steadyLoad('worker-stop', dose, 6 + dose.times * (LEASE_MS / 1000 + 9))],
      world: {
        workers: 1,
        mailbox: {
          greet: async ({ point, sender }) => {
            if (point !== 'connect') await meet(point, sender.port);
            return 'go' as const;
          },
          intercept: async (_, { port }) => {
            await meet('body', port);
            return 'accept' as const;
          },
        },
      },
      inject: async (world) => {
        for (let n = 0; n < dose.times && !(await world.over()); n++) {
          await Promise.all([
            // Digits of recipients who do not reply: those who do come to their end early.
            ...STOP_POINTS.map((point, i) => stopInside(world, point, i + 1)),
            stopOnTheWire(world, WIRE_POINTS[n % WIRE_POINTS.length] ?? 'data'),
          ]);
        }
      },
      // Everything that the stopped process had on its way, not only the one message.
      allowance: ({ strikes }) => ({ unknownAtMost: strikes.length * openAtOnce() }),
    };
  },
};

/** A worker stands still until its leases are over and swept, goes on, and is ended in good order. */
async function outlast(world: World, worker: RunningProcess): Promise<void> {
  const strike = world.struck();
  await delay(LEASE_MS + SWEPT_MS, undefined, { signal: world.signal });
  worker.kill('SIGCONT');
  strike.from = Date.now();
  await world.wait(AFTERMATH_MS);
  await world.workers.stop(worker, 10_000);
}
