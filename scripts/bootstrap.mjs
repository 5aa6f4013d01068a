// Makes a fresh clone ready to run: installs what the lock file says, once, and builds what changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pnpm } from './pnpm.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Campaign Manager needs Node 20.19 or later; this is ${process.version}.`);
  process.exit(1);
}

const root = new URL('..', import.meta.url);
const stamp = new URL('node_modules/.bootstrap', root);
const wanted = createHash('sha256')
  .update(readFileSync(new URL('pnpm-lock.yaml', root)))
  .update(process.versions.modules)
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.log('Installing packages ...');
  pnpm(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn']);
  writeFileSync(stamp, wanted);
}
console.log('Building ...');
pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped']);
