import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..', '..');
const REFUSED = 'packages/core/src/engine/fixtures/refused';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string; readonly severity: string };
}

interface Summary {
  readonly violations: readonly Violation[];
  readonly totalCruised: number;
}

/** Runs the check as `pnpm boundaries` does. */
async function check(paths: readonly string[], exclude: string): Promise<Summary> {
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const options = ['--config', '.dependency-cruiser.cjs', '--exclude', exclude, '--output-type', 'json'];
  const run = promisify(execFile)(process.execPath, [program, ...options, ...paths], {
    cwd: ROOT,
    maxBuffer: 256 * 1024 * 1024,
  });
  // It exits with the number of violations.
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  return (JSON.parse(stdout) as { readonly summary: Summary }).summary;
}

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true });
  return entries.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).map((name) => join(folder, name));
}

describe('the check of the one-way streets', () => {
  it('refuses a file of the engine that reads the clock and knows the store', async () => {
    const { violations } = await check([REFUSED], '(^|/)dist/');

    const fired = violations.filter(({ from }) => from.startsWith(REFUSED)).map(({ rule, to }) => [rule.name, to]);
    expect(fired).toContainEqual(['engine-is-pure', 'perf_hooks']);
    expect(fired).toContainEqual(['engine-knows-schemas-only', 'packages/core/src/store/index.ts']);
  }, 60_000);

  it('finds nothing to refuse in apps and packages, and has seen them all', async () => {
    const { exclude } = /--exclude '(?<exclude>[^']+)'/.exec(await script('boundaries'))?.groups ?? {};
    const { violations, totalCruised } = await check(['apps', 'packages'], exclude ?? '');

    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan((await sources('packages/core/src')).length);
  }, 120_000);
});

async function script(name: string): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return scripts[name] ?? '';
}

/** Imports of core that are more than its types: none of the words of a type-only import stands in front. */
function valueImports(source: string): string[] {
  const imports = source.matchAll(/(?:import|export)\s+(?<what>[^;]*?)\s*from\s*'@campaign-manager\/core\/[^']*'/g);
  return [...imports].map(({ groups }) => groups?.['what'] ?? '').filter((what) => !isTypeOnly(what));
}

function isTypeOnly(what: string): boolean {
  if (/^type\b/.test(what)) return true;
  const names = /^\{(?<names>[^}]*)\}$/.exec(what)?.groups?.['names'];
  return names?.split(',').every((name) => name.trim() === '' || /^type\s/.test(name.trim())) ?? false;
}

describe('runtime, queues, channels and mail', () => {
  it.each([
    ["import type { A } from '@campaign-manager/core/schemas';", 0],
    ["import { type A, type B } from '@campaign-manager/core/schemas';", 0],
    ["export type { A } from '@campaign-manager/core/schemas';", 0],
    ["import { A } from '@campaign-manager/core/schemas';", 1],
    ["import { type A, B } from '@campaign-manager/core/schemas';", 1],
    ["import * as core from '@campaign-manager/core/engine';", 1],
    ["import {\n  A,\n} from '@campaign-manager/core/engine';", 1],
  ])('the look at %j finds %i imports of values', (source, count) => {
    expect(valueImports(source)).toHaveLength(count);
  });

  it.each(['runtime', 'queues', 'channels', 'mail'])('%s knows the types of core only', async (name) => {
    const files = await sources(`packages/${name}/src`);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const source = await readFile(join(ROOT, file), 'utf8');
      expect([file, valueImports(source), /import\(\s*'@campaign-manager\/core/.test(source)]).toEqual([
        file,
        [],
        false,
      ]);
    }
  });
});
