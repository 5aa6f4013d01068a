import { clockJumping, clockShifted, type RunningProcess } from '@campaign-manager/testkit';
import type { Evidence } from '../evidence.js';
import type { Dose, Fault } from '../fault.js';
import { asks, type Load } from '../load.js';
import { openAtOnce } from '../world/dials.js';

const HOUR_MS = 3_600_000;
const GAP_SECONDS = 3;
/** A message may leave a little late, and the next one in time: the distance between them is that much shorter. */
const LATE_MS = 1500;

/** Nobody replies, so that the distance between two messages of a stage follows from the template alone. */
function patientLoad(campaign: string, { recipients, policy }: Dose, seconds: number): Load {
  const stages = Math.max(2, Math.ceil(seconds / (GAP_SECONDS * 1.5)));
  return { campaign, policy, recipients, stages, followUps: 1, gapSeconds: GAP_SECONDS, replyEvery: 0 };
}

/** Two workers whose clocks are off by an hour, one either way, beside two whose clocks are right. */
export const clockOff: Fault = {
  name: 'clock-off',
  about: "workers' clocks are off by an hour: nothing leaves early, they say why they are not ready, others work",
  plan: (dose) => {
    const complaints: string[] = [];
    const load = patientLoad('clock-off', dose, 8);
    return {
      loads: [load],
      world: { workers: 1 },
      inject: async (world) => {
        for (const shift of [HOUR_MS, -HOUR_MS]) {
          world.struck();
          const worker = await world.workers.add(clockShifted(shift));
          complaints.push(...(await readinessComplaints(worker, shift > 0 ? 'ahead of' : 'behind')));
        }
      },
      allowance: () => ({ unknownAtMost: 0 }),
      check: (_, evidence) => [...complaints, ...tooEarly(load, evidence)],
    };
  },
};

/** The clock of one of two workers jumps by an hour in the middle of its work, and back. */
export const clockJump: Fault = {
  name: 'clock-jump',
  about: "a worker's clock jumps by an hour in the middle of its work, and back: nothing leaves early",
  plan: (dose) => {
    const load = patientLoad('clock-jump', dose, 4 + dose.times * 4);
    return {
      loads: [load],
      world: { workers: 1 },
      inject: async (world) => {
        const jumpers = [
          await world.workers.add(clockJumping(HOUR_MS)),
          await world.workers.add(clockJumping(-HOUR_MS)),
        ];
        for (let n = 0; n < dose.times && !(await world.over()); n++) {
          const jumper = jumpers[n % jumpers.length];
          const strike = world.struck();
          jumper?.kill('SIGUSR2');
          await world.wait(1000 + world.random() * 2000);
          jumper?.kill('SIGUSR2');
          strike.from = Date.now();
          await world.wait(500 + world.random() * 500);
        }
      },
      allowance: ({ strikes }) => ({ unknownAtMost: strikes.length * openAtOnce() }),
      check: (_, evidence) => tooEarly(load, evidence),
    };
  },
};

async function readinessComplaints(worker: RunningProcess, direction: string): Promise<string[]> {
  const line = await worker.waitForLine(/Health and metrics are served/);
  const { port } = JSON.parse(line) as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
  const body = await response.text();
  const right = response.status === 503 && body.includes(`clock is`) && body.includes(direction);
  const paused = await worker.waitForLine(/The clock is off: no further jobs are taken/, 5000).then(
    () => [],
    () => [`${worker.label} does not say that it takes no jobs with its clock off`],
  );
  return right
    ? paused
    : [...paused, `${worker.label} answers ${response.status} with a clock ${direction} it: ${body}`];
}

/** The second message of a stage never leaves before its time has come since the first one. */
function tooEarly(load: Load, { journal }: Evidence): string[] {
  const at = new Map(journal.map((one) => [one.key, one.at]));
  const leastMs = GAP_SECONDS * 1000 - LATE_MS;
  return [...at].flatMap(([key, first]) => {
    if (!key.endsWith('/0/0')) return [];
    const visit = key.slice(0, -'/0/0'.length);
    const stage = Number(/\/s(\d+)\/1$/.exec(visit)?.[1]);
    const second = at.get(`${visit}/${asks(stage) ? '0/1' : '1/0'}`);
    if (second === undefined || second - first >= leastMs) return [];
    return [`${visit}: two messages of ${load.campaign} within ${second - first} ms instead of ${GAP_SECONDS} s`];
  });
}
