// Proves that the proofs can fail: takes each protection of the catalog away and sees its tests turn red.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMongo, startRedis } from '@campaign-manager/local-stack';
import catalog from './catalog.cjs';
import { greenWithout, redWith } from './judge.cjs';
import { findDrift } from './mutate.cjs';
import { runTests } from './run-tests.mjs';
import { renderTable } from './table.mjs';

const HELP = `Takes each protection of tests/mutations/catalog.cjs away and sees that its tests turn red.

  pnpm mutations [--only <name>]... [--list]

  --only <name>  this mutation; may be given several times
  --list         the names, and what each removes
  --help         this text

Exit code 0: every test is green with the protection and red without it. To look at one yourself:
  CAMPAIGN_TEST_MUTATION=<name> npx jest <file of the test>`;

/** Runs of Jest at once. */
const LANES = 2;

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' }, help: { type: 'boolean' } },
});

if (values.help) console.log(HELP);
else if (values.list) for (const { name, removes } of catalog) console.log(`${name.padEnd(24)} ${removes}`);
else process.exitCode = await main(chosen(values.only));

function chosen(only) {
  const unknown = (only ?? []).filter((name) => !catalog.some((one) => one.name === name));
  if (unknown.length === 0) return catalog.filter(({ name }) => only?.includes(name) ?? true);
  console.error(
    `There is no mutation ${unknown.join(', ')}. There are: ${catalog.map(({ name }) => name).join(', ')}.`,
  );
  return process.exit(2);
}

async function main(mutations) {
  const drift = mutations.flatMap(findDrift);
  for (const line of drift) console.error(line);
  if (drift.length > 0) return 1;
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'campaign-mutations-'));
  const services = [];
  try {
    const { MONGODB_URI, REDIS_URL } = process.env;
    services.push(await startMongo(MONGODB_URI === undefined ? {} : { uri: MONGODB_URI }));
    services.push(await startRedis(REDIS_URL === undefined ? {} : { uri: REDIS_URL }));
    const [mongo, redis] = services;
    const rows = await judgeAll(mutations, {
      folder,
      env: { MONGODB_URI: mongo.uri, REDIS_URL: redis.uri },
    });
    console.log(renderTable(rows));
    const bad = rows.filter(({ green, red }) => !green.ok || !red.ok);
    for (const { mutation, test, green, red } of bad) {
      console.log(`\n${mutation}: ${test.name}\n  (${test.file})`);
      if (!green.ok) console.log(`  with the protection: ${green.why}`);
      if (!red.ok) console.log(`  without it: ${red.why}`);
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
      `\n${mutations.length} mutations, ${rows.length} proofs, ${bad.length} not as they should be; ${seconds} s.`,
    );
    return bad.length === 0 ? 0 : 1;
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every test once as it is, all in one run; then each mutation in a run of its own. */
async function judgeAll(mutations, place) {
  const whole = { name: '', tests: mutations.flatMap(({ killedBy }) => killedBy) };
  const runs = [whole, ...mutations.map(({ name, killedBy }) => ({ name, tests: killedBy }))];
  const results = new Map();
  const waiting = [...runs];
  const lane = async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      results.set(run.name, await runTests(run, place));
      console.error(run.name === '' ? 'ran with every protection' : `ran without: ${run.name}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return mutations.flatMap(({ name, killedBy }) =>
    killedBy.map((test) => ({
      mutation: name,
      test,
      green: greenWithout(results.get(''), test),
      red: redWith(results.get(name), test),
    })),
  );
}
