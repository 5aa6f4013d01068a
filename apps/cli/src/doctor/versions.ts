import type { Finding } from './finding.js';

/** Node.js that `engines` of the root asks for. */
const NODE = [20, 19] as const;
const MONGODB = [6, 0] as const;

export function checkNode(version: string): Finding {
  const what = `Node.js ${version}`;
  if (isAtLeast(version, NODE)) return { ok: true, what };
  return { ok: false, what, wrong: `${NODE.join('.')} or later is needed`, mend: 'install a newer Node.js' };
}

export function checkMongoVersion(version: string): Finding {
  const what = `MongoDB ${version}`;
  if (isAtLeast(version, MONGODB)) return { ok: true, what };
  return { ok: false, what, wrong: `${MONGODB.join('.')} or later is needed`, mend: 'upgrade MongoDB' };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.replace(/^v/, '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
}
