import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT, VARIABLE } from './mutate.cjs';

const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');
/** One run of Jest, also of all tests together on a busy machine: a test that hangs without its protection has proved nothing. */
const TIMEOUT_MS = 300_000;

/**
 * Runs the named tests, and only those, without the protection of that name ('' for all protections).
 * Answers Jest's own report, or `{ broken }` with what it said where it gave none.
 */
export async function runTests({ name, tests }, { folder, env }) {
  const report = join(folder, `${name || 'all'}.json`);
  const files = [...new Set(tests.map(({ file }) => join(ROOT, file)))];
  const names = tests.map((test) => test.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const args = ['--json', `--outputFile=${report}`, '--forceExit', '--runInBand', '--testTimeout=20000'];
  const said = await run([...args, '-t', `^(${names.join('|')})$`, '--runTestsByPath', ...files], {
    ...env,
    [VARIABLE]: name,
  });
  try {
    return JSON.parse(await readFile(report, 'utf8'));
  } catch {
    return { broken: said };
  }
}

function run(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [JEST, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (_code, signal) =>
      resolve(signal ? `Jest was stopped after ${TIMEOUT_MS / 1000} s.\n${said}` : said),
    );
  });
}
