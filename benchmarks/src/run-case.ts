import { documentSizes } from './document-sizes.js';
import { named, type PairResult, type Point, type SeriesResult } from './results.js';
import type { Bench, Case, PairCase, Run, SeriesCase, Sizes } from './run.js';
import { emptyRedis, type OwnDatabase, openDatabase, type World } from './world.js';

/** How a case is run, beside what it is. */
export interface Plan {
  readonly world: World;
  /** Which of its sizes are taken. */
  readonly sizes: keyof Sizes<unknown>;
  /** Pairs, or rounds over all points; undefined: what the case says. */
  readonly repeat: number | undefined;
  /** Units of a run of both sides before, which is not measured; 0: none. */
  readonly warmUp: number;
  readonly stepRate: number | null;
  readonly say: (line: string) => void;
}

export function runCase(one: Case, plan: Plan): Promise<PairResult | SeriesResult> {
  return one.kind === 'pair' ? runPairs(one, plan) : runSeries(one, plan);
}

/** A warm-up is this part of a run at most. */
const WARM_UP_PART = 5;

/** Floor and run take turns, each in a database of its own. */
async function runPairs(one: PairCase, plan: Plan): Promise<PairResult> {
  const { sizes, repeat = one.repeat[plan.sizes], warmUp, say } = plan;
  const size = one.size[sizes];
  const floorSize = one.floorSize?.[sizes] ?? size;
  const both = async (units: number, floorUnits: number) => {
    const floor = await inOwnDatabase(plan, (bench) => one.floor(bench, floorUnits));
    const run = await inOwnDatabase(plan, (bench) => one.run(bench, units));
    return { run, floor };
  };
  if (warmUp > 0) {
    say(`${one.name}: warming up`);
    await both(Math.min(warmUp, size / WARM_UP_PART), Math.min(warmUp, floorSize / WARM_UP_PART));
  }
  const pairs: PairResult['pairs'][number][] = [];
  for (let i = 0; i < repeat; i += 1) {
    const pair = await both(size, floorSize);
    pairs.push(pair);
    say(`${one.name} ${i + 1}/${repeat}: ${rate(pair.run)} ${one.unit} a second, the other side ${rate(pair.floor)}`);
  }
  return { kind: 'pair', ...named(one), floorWhat: one.floorWhat, size, floorSize, pairs };
}

/** The points take turns. */
async function runSeries(one: SeriesCase, plan: Plan): Promise<SeriesResult> {
  const { sizes, repeat = one.repeat[plan.sizes], say } = plan;
  const size = one.size[sizes];
  const kept = new Map<number, OwnDatabase>();
  const points = new Map<number, Run[]>(one.points[sizes].map((at) => [at, []]));
  try {
    if (one.prepare) {
      for (const at of points.keys()) {
        say(`${one.name}: preparing ${at.toLocaleString('en')} ${one.pointUnit}`);
        const own = await openDatabase(plan.world);
        kept.set(at, own);
        await one.prepare({ ...own.bench, stepRate: plan.stepRate }, at);
      }
    }
    for (let i = 0; i < repeat; i += 1) {
      for (const [at, runs] of points) {
        const run = await inOwnDatabase(plan, (bench) => one.run(bench, at, size), kept.get(at));
        runs.push(run);
        const where = `${one.name} ${i + 1}/${repeat}, ${at.toLocaleString('en')} ${one.pointUnit}`;
        say(`${where}: ${rate(run)} ${one.unit} a second`);
      }
    }
  } finally {
    for (const { close } of kept.values()) await close();
  }
  const all = [...points].map(([at, runs]): Point => ({ at, runs }));
  return { kind: 'series', ...named(one), pointUnit: one.pointUnit, size, points: all };
}

async function inOwnDatabase(
  { world, stepRate }: Plan,
  work: (bench: Bench) => Promise<Run>,
  kept?: OwnDatabase,
): Promise<Run> {
  const own = kept ?? (await openDatabase(world));
  await emptyRedis(world);
  try {
    const run = await work({ ...own.bench, stepRate });
    return kept ? run : { ...run, documents: await documentSizes(own.bench.store) };
  } finally {
    if (!kept) await own.close();
  }
}

function rate({ units, seconds }: Run): string {
  return (units / seconds).toFixed(0);
}
