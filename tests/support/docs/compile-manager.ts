import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './pages.js';

const run = promisify(execFile);

/** Two conversations in the stage `decision` of an enterprise campaign; prints where each of them goes. */
const TRIAL = `
import { compileTemplate, initialState } from '@campaign-manager/core/engine';
import { decideWithManager } from '@campaign-manager/core/manager';
import Manager from './manager.js';

const stage = { messages: [], progression_rules: { response_required: true, max_stage_duration_hours: 24 } };
const stages = { decision: stage, contract: stage, executive_approval: stage };
const template = compileTemplate({ _id: 't', name: 'T', type: 'enterprise_sales', stages }, 1);
const campaign = { id: 'c', name: 'C', type: 'enterprise_sales', context: {}, end_at: null, missing_variables: 'error' };
const entered = [];
for (const deal_size of [50_000, 250_000]) {
  const state = initialState('decision', 0, { deal_size });
  const input = { conversation_id: 'c/r', template, campaign, recipient: {}, state, now: 1 };
  const options = { timeoutMs: 1000, onError: (error) => { throw error; } };
  entered.push((await decideWithManager(new Manager(), input, options)).state.current_stage);
}
console.log(JSON.stringify(entered));
`;

/**
 * Compiles a manager as its author would, by the TypeScript compiler and against the packages' own types, and asks it
 * about a small and a large deal. Answers the stages in which the two then are.
 * @throws what the compiler says.
 */
export async function tryManager(source: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'manager-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type": "module"}');
    await writeFile(join(folder, 'manager.ts'), source);
    await writeFile(join(folder, 'trial.mjs'), TRIAL);
    const options = ['--strict', '--noUncheckedIndexedAccess', '--module', 'nodenext', '--target', 'es2022'];
    await run(join(ROOT, 'node_modules/.bin/tsc'), ['manager.ts', ...options, '--types', ''], { cwd: folder });
    const { stdout } = await run(process.execPath, ['trial.mjs'], { cwd: folder });
    return JSON.parse(stdout) as string[];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stdout}${stderr}` || String(error), { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
}
