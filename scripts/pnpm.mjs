// Runs the pinned pnpm through npm, so that nobody has to install it: `node scripts/pnpm.mjs run build`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const { packageManager } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** Runs pnpm with the arguments and ends this process with its exit code if it fails. */
export function pnpm(args, options = {}) {
  const result = spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...withoutNpmSettings(process.env), TURBO_TELEMETRY_DISABLED: '1', ...options.env },
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** npm hands its own settings down as variables, of which pnpm knows only some and warns of the others. */
function withoutNpmSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(config|lifecycle|package)_/i.test(name)));
}

if (process.argv[1] === new URL(import.meta.url).pathname) pnpm(process.argv.slice(2));
