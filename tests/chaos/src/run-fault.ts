import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@campaign-manager/core/simulator';
import { gatherEvidence } from './evidence.js';
import { expectedOf } from './expected.js';
import type { Plan } from './fault.js';
import { type Judgement, judge } from './oracle.js';
import type { Entry } from './profiles.js';
import { type Recovery, recoveryOf } from './recovery.js';
import type { Services } from './world/services.js';
import { createWorld, type World } from './world/world.js';

/** What one run of one fault showed. */
export interface FaultResult extends Judgement, Recovery {
  readonly fault: string;
  readonly policy: string;
  /** How often it was injected. */
  readonly times: number;
  readonly durationMs: number;
  /** Where journal and logs of a run with complaints are kept. */
  readonly folder?: string;
}

export interface FaultRunOptions {
  readonly seed: number;
  readonly shared: () => Promise<Services>;
  /** Ends the run from outside. */
  readonly signal: AbortSignal;
  /** Gets a line every few seconds. */
  readonly say: (line: string) => void;
}

const PROGRESS_MS = 5000;
const NOTHING: Judgement & Recovery = {
  expected: 0,
  accepted: 0,
  duplicates: 0,
  unexplained: 0,
  lost: 0,
  unknown: 0,
  complaints: [],
  medianMs: null,
  maxMs: null,
};

/** Runs one fault in a world of its own, and judges what it left. Never rejects: what goes wrong is a complaint. */
export async function runFault(entry: Entry, options: FaultRunOptions): Promise<FaultResult> {
  const { fault, policy, deadlineSeconds } = entry;
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `chaos-${fault.name}-`));
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new Error(`not done within ${deadlineSeconds} s`)),
    deadlineSeconds * 1000,
  );
  const signal = AbortSignal.any([deadline.signal, options.signal]);
  setMaxListeners(0, signal); // every request that waits listens to it
  const base = { fault: fault.name, policy, times: 0 };
  let world: World | undefined;
  const finish = async (found: Partial<FaultResult>): Promise<FaultResult> => {
    clearTimeout(timer);
    await world?.destroy();
    const result = { ...NOTHING, ...base, ...found, durationMs: Math.round(performance.now() - started) };
    if (result.complaints.length > 0) return { ...result, folder };
    await rm(folder, { recursive: true, force: true });
    return result;
  };
  try {
    const plan = fault.plan(entry);
    world = await createWorld({
      name: fault.name,
      folder,
      loads: plan.loads,
      settings: plan.world ?? {},
      shared: options.shared,
      random: createRandom(options.seed),
      signal,
    });
    const trouble = await orAborted(
      signal,
      play(plan, world, (line) => options.say(line)),
    ).then(
      () => undefined,
      (error: Error) => error,
    );
    return await finish(await settle(plan, world, trouble));
  } catch (error) {
    return finish({ complaints: [`could not be run: ${(error as Error).stack}`], times: world?.strikes.length ?? 0 });
  }
}

/** Launches, injects, and waits until every campaign has ended and every reply is acknowledged. */
async function play(plan: Plan, world: World, say: (line: string) => void): Promise<void> {
  let latest = 'under fire';
  const ticker = setInterval(() => {
    say(`${world.strikes.length} times injected, ${world.accepted()} accepted; ${latest}`);
  }, PROGRESS_MS);
  try {
    if (plan.launchesItself !== true) for (const load of plan.loads) await world.launch(load);
    await plan.inject(world);
    for (;;) {
      const left = await leftToDo(world).catch((error: Error) => error.message);
      if (left === null) return;
      latest = left;
      await world.wait(250);
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}; then: ${latest}`, { cause: error });
  } finally {
    clearInterval(ticker);
  }
}

async function leftToDo(world: World): Promise<string | null> {
  return (await world.over()) ? world.untidy() : 'a campaign has not ended';
}

/** Stops the processes, reads what is left, and judges it; after a deadline as well, to say what was found. */
async function settle(plan: Plan, world: World, trouble: Error | undefined): Promise<Partial<FaultResult>> {
  await world.stopApps();
  const evidence = await gatherEvidence(world.db, world.journalPath);
  const expected = plan.loads.flatMap(expectedOf);
  const acknowledged = new Map([
    ...(plan.acknowledged ?? []),
    ...world.repliers.acknowledged.map(({ id, conversation }) => [id, conversation] as const),
  ]);
  const judgement = judge(expected, evidence, plan.allowance(world), { acknowledged });
  const more = trouble ? [] : ((await plan.check?.(world, evidence)) ?? []);
  const broken = [trouble, world.repliers.trouble].flatMap((error) => (error ? [`broken off: ${error.message}`] : []));
  return {
    ...judgement,
    ...recoveryOf(world.strikes, plan.signsOfWork?.(world) ?? evidence.journal.map(({ at }) => at)),
    times: plan.injected?.(world) ?? world.strikes.length,
    complaints: [...broken, ...more, ...judgement.complaints],
  };
}

function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
