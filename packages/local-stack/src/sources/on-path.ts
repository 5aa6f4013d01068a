import type { Tools } from '../tools.js';
import type { BinaryLookup } from './binary.js';

/** Looks for a program on the PATH by asking for its version. */
export async function onPath(program: string, tools: Tools): Promise<BinaryLookup> {
  const answer = await tools.run(program, ['--version'], 10_000);
  if (answer === 'missing') return { status: 'missing', reason: 'not found' };
  if (answer.exitCode !== 0) return { status: 'missing', reason: `does not run here: ${answer.stderr.trim()}` };
  const version = /v=?(\d[\w.]*)/.exec(answer.stdout)?.[1] ?? 'of unknown version';
  return { status: 'found', program, description: `${program} ${version} from the PATH` };
}
