// The command behind `npm run docs`: writes docs/configuration.md; with --check it only tells whether that is needed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderDocs } from './docs.js';

const file = new URL('../../../../docs/configuration.md', import.meta.url);
const wanted = renderDocs();

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
  process.stderr.write('docs/configuration.md is out of date: run `npm run docs` and commit it.\n');
  process.exitCode = 1;
}
