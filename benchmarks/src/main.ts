#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { CASES } from './cases/index.js';
import { InterruptedError, interruption } from './interruption.js';
import { isChosen, parseOptions } from './options.js';
import { drawGrowth } from './report/chart.js';
import { describeMachine, renderMachine } from './report/machine.js';
import { renderTables } from './report/tables.js';
import { judge, renderVerdicts } from './report/targets.js';
import type { Settings } from './run.js';
import { runSuite } from './run-suite.js';
import { startWorld, type World } from './world.js';

const SETTINGS: Settings = { batchSize: 100, tasks: 64, poolSize: 50, pollingIntervalMs: 2000 };

const options = parseOptions(CASES);
const say = (line: string) => process.stderr.write(`${line}\n`);
const interrupted = interruption();

process.exit(await main());

/** The exit code: 0 where everything was measured. */
async function main(): Promise<number> {
  const starting = startWorld(SETTINGS, say);
  try {
    const world = await Promise.race([starting, interrupted]);
    return await Promise.race([measure(world), interrupted]);
  } catch (error) {
    say(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof InterruptedError ? error.exitCode : 1;
  } finally {
    await starting.then((world) => world.stop()).catch(() => undefined); // what did not start needs no end
  }
}

async function measure(world: World): Promise<number> {
  const started = new Date();
  const machine = await describeMachine(world);
  const { quick = false, repeat } = options;
  const cases = CASES.filter(({ name }) => isChosen(name, options));
  const results = await runSuite(cases, { world, sizes: quick ? 'quick' : 'full', repeat, say });
  const verdicts = judge(results);
  const minutes = (Date.now() - started.getTime()) / 60_000;
  console.log(
    `${renderMachine(machine, SETTINGS)}\nSizes: ${quick ? 'quick' : 'full'}; ${minutes.toFixed(1)} minutes\n`,
  );
  console.log(`${renderTables(results)}\n\n${renderVerdicts(verdicts)}`);
  if (options.json) {
    const all = { started, minutes, sizes: quick ? 'quick' : 'full', machine, settings: SETTINGS, verdicts, results };
    await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
  }
  const growth = results.find((result) => result.name === 'growth');
  if (options.svg && growth?.kind === 'series') await writeFile(options.svg, drawGrowth(growth));
  const missing = results.filter((result) => 'reason' in result);
  for (const { name, kind, reason } of missing) say(`bench: ${name} is ${kind}: ${reason.split('\n', 1)[0]}`);
  return missing.length > 0 ? 1 : 0;
}
