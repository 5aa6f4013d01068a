// Part of `npm run docs`: writes the table of docs/metrics.md; with --check it only tells whether that is needed.
import { readFileSync, writeFileSync } from 'node:fs';
import { withTable } from './docs.js';

const file = new URL('../../../../docs/metrics.md', import.meta.url);
const page = readFileSync(file, 'utf8');
const wanted = withTable(page);

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (page !== wanted) {
  process.stderr.write('The table of docs/metrics.md is out of date: run `npm run docs` and commit it.\n');
  process.exitCode = 1;
}
