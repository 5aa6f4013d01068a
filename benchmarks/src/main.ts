#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connectStore, ensureIndexes } from '@campaign-manager/core/store';
import { type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';
import { Command, InvalidArgumentError, Option } from 'commander';
import { init } from './cases/init.js';
import { mail } from './cases/mail.js';
import { naive } from './cases/naive.js';
import { step } from './cases/step.js';
import { type Pair, rateOf } from './compare.js';
import type { Bench, Case, Run, Settings } from './run.js';
import { type CaseResult, renderTable } from './table.js';

const CASES: readonly Case[] = [init, step, mail, naive];
const SETTINGS: Settings = { batchSize: 100, tasks: 32 };

const ABOUT = `Measures the product against the floor: the bare operations of MongoDB, Redis and SMTP that the same work
cannot avoid, with the same drivers and the same write concern (majority, journal), in the same run. On a shared
machine only the ratio means something. Run and floor take turns.`;

const NOTES = `
Cases:
${CASES.map(({ name, what, floorWhat }) => `  ${name.padEnd(6)} ${what}\n         against ${floorWhat}`).join('\n')}

CPU is in seconds per 1,000 units, of our processes, MongoDB and Redis; MB is the memory of our largest process.
`;

interface Options {
  readonly quick?: boolean;
  readonly only?: string;
  readonly repeat: number;
  readonly json?: string;
}

const options = new Command('bench')
  .description(ABOUT)
  .option('--quick', 'small sizes, one pair of each')
  .addOption(new Option('--only <case>', 'one case').choices(CASES.map(({ name }) => name)))
  .option('--repeat <n>', 'pairs of each case', pairs, 3)
  .option('--json <file>', 'writes every run to a file')
  .addHelpText('after', NOTES)
  .parse()
  .opts<Options>();

const say = (line: string) => process.stderr.write(`${line}\n`);
const mongo = await startMongo({ log: say });
try {
  const redis = await startRedis({ log: say });
  try {
    await measure(mongo, redis);
  } finally {
    await redis.stop();
  }
} finally {
  await mongo.stop();
}

async function measure(mongo: LocalService, redis: LocalService): Promise<void> {
  const results: CaseResult[] = [];
  for (const one of CASES.filter(({ name }) => options.only === undefined || options.only === name)) {
    const size = options.quick ? one.size.quick : one.size.full;
    const done: Pair[] = [];
    for (let i = 0; i < (options.quick ? 1 : options.repeat); i += 1) {
      const floor = await inOwnDatabase(mongo, redis, (bench) => one.floor(bench, size));
      const run = await inOwnDatabase(mongo, redis, (bench) => one.run(bench, size));
      done.push({ run, floor });
      say(`${one.name}: ${rateOf(run).toFixed(0)} ${one.unit} a second, floor ${rateOf(floor).toFixed(0)}`);
    }
    results.push({ case: one, size, pairs: done });
  }
  console.log(renderTable(results));
  if (options.json) await writeFile(options.json, JSON.stringify({ settings: SETTINGS, results }, null, 2));
}

async function inOwnDatabase(
  mongo: LocalService,
  redis: LocalService,
  work: (bench: Bench) => Promise<Run>,
): Promise<Run> {
  const id = `bench_${randomBytes(4).toString('hex')}`;
  const store = await connectStore({ uri: mongo.uri, database: id, poolSize: 5, maxIdleMs: 30_000, appName: 'bench' });
  try {
    await ensureIndexes(store);
    return await work({ mongo, redis, store, database: id, prefix: id, settings: SETTINGS });
  } finally {
    await store.connection.dropDatabase();
    await store.close();
  }
}

function pairs(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
