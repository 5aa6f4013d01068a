#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connectStore, ensureIndexes } from '@campaign-manager/core/store';
import { startMongo, startRedis } from '@campaign-manager/local-stack';
import { Command } from 'commander';
import { init } from './cases/init.js';
import { mail } from './cases/mail.js';
import { naive } from './cases/naive.js';
import { step } from './cases/step.js';
import { comparePairs, type Pair } from './compare.js';
import type { Bench, Case, Run } from './run.js';

const CASES: readonly Case[] = [init, step, mail, naive];

interface Options {
  readonly quick?: boolean;
  readonly only?: string;
  readonly repeat: string;
  readonly json?: string;
}

const program = new Command('bench')
  .option('--quick', 'small sizes')
  .option('--only <case>', CASES.map(({ name }) => name).join(', '))
  .option('--repeat <n>', 'pairs of each case', '3')
  .option('--json <file>')
  .parse();
const options = program.opts<Options>();
const say = (line: string) => process.stderr.write(`${line}\n`);

const mongo = await startMongo({ log: say });
const redis = await startRedis({ log: say });
try {
  const results: { name: string; pairs: Pair[] }[] = [];
  for (const one of CASES.filter(({ name }) => options.only === undefined || options.only === name)) {
    const size = options.quick ? one.size.quick : one.size.full;
    const pairs: Pair[] = [];
    for (let i = 0; i < Number(options.repeat); i += 1) {
      const floor = await inOwnDatabase((bench) => one.floor(bench, size));
      const run = await inOwnDatabase((bench) => one.run(bench, size));
      pairs.push({ run, floor });
      say(`${one.name} ${i + 1}: ${describe(run)} | floor ${describe(floor)}`);
    }
    say(`${one.name}: ${JSON.stringify(comparePairs(pairs))}`);
    results.push({ name: one.name, pairs });
  }
  if (options.json) await writeFile(options.json, JSON.stringify(results, null, 2));
} finally {
  await redis.stop();
  await mongo.stop();
}

function describe({ units, seconds, cpu, bytes, more = {} }: Run): string {
  const per = (value: number) => ((value / units) * 1000).toFixed(3);
  return `${Math.round(units / seconds)}/s, cpu s per 1,000: ours ${per(cpu.ours)} mongodb ${per(cpu.mongodb)} redis ${per(cpu.redis)}, ${Math.round(bytes / 1e6)} MB ${JSON.stringify(more)}`;
}

async function inOwnDatabase(work: (bench: Bench) => Promise<Run>): Promise<Run> {
  const id = `bench_${randomBytes(4).toString('hex')}`;
  const store = await connectStore({ uri: mongo.uri, database: id, poolSize: 5, maxIdleMs: 30_000, appName: 'bench' });
  try {
    await ensureIndexes(store);
    return await work({ mongo, redis, store, database: id, prefix: id, settings: { batchSize: 100, tasks: 16 }, say });
  } finally {
    await store.connection.dropDatabase();
    await store.close();
  }
}
