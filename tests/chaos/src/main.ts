import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FAULTS } from './faults/index.js';
import { HELP } from './help.js';
import { atOnce, entriesOf, isProfile, PROFILE_NAMES } from './profiles.js';
import { runProfile } from './run-profile.js';
import { isGood, renderTable } from './table.js';
import { setDials } from './world/dials.js';

const EXIT_USAGE = 64;
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'quick' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    tasks: { type: 'string', default: '8' },
    batch: { type: 'string', default: '50' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  process.exitCode = await main();
}

async function main(): Promise<number> {
  const { profile, only, json, markdown } = values;
  const seed = Number(values.seed);
  if (!isProfile(profile)) return usage(`--profile is one of ${PROFILE_NAMES.join(', ')}; found '${profile}'`);
  if (!Number.isSafeInteger(seed)) return usage(`--seed is a whole number; found '${values.seed}'`);
  for (const dial of ['tasks', 'batch'] as const) {
    if (!/^[1-9]\d{0,2}$/.test(values[dial]))
      return usage(`--${dial} is a whole number from 1 to 999; found '${values[dial]}'`);
  }
  setDials({ tasks: Number(values.tasks), batchSize: Number(values.batch) });
  const entries = entriesOf(profile, only);
  if (entries.length === 0) {
    return usage(
      `--only names a fault of the profile ${profile}: ${FAULTS.map(({ name }) => name).join(', ')}; found '${only}'`,
    );
  }

  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopped.abort(new Error(`stopped by ${signal}`)));
  }
  const startedAt = new Date();
  const results = await runProfile({
    entries,
    atOnce: atOnce(profile),
    seed,
    signal: stopped.signal,
    say: (line) => console.log(line),
  });
  const ok = results.length === entries.length && results.every(isGood);
  const table = renderTable(results);
  console.log(`\n${table}\n`);
  const durationMs = Date.now() - startedAt.getTime();
  console.log(
    `${ok ? 'Every promise holds.' : 'NOT every promise holds.'} ${Math.round(durationMs / 1000)} s, seed ${seed}.`,
  );
  if (json !== undefined) {
    const report = { profile, seed, ok, started_at: startedAt, duration_ms: durationMs, results };
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (markdown !== undefined) await writeFile(markdown, `${table}\n`);
  return ok ? 0 : 1;
}

function usage(fault: string): number {
  console.error(`chaos: ${fault}`);
  return EXIT_USAGE;
}
