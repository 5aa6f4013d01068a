// The command behind `npm run docs`: writes what is generated from the catalog; with --check it only tells what would change.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderChartReadme } from './chart/readme.js';
import { renderValuesSchema } from './chart/values-schema.js';
import { renderValuesYaml } from './chart/values-yaml.js';
import { renderDocs } from './docs.js';

const FILES = {
  'docs/configuration.md': renderDocs,
  'helm/campaign-manager/values.schema.json': renderValuesSchema,
  'helm/campaign-manager/values.yaml': renderValuesYaml,
  'helm/campaign-manager/README.md': renderChartReadme,
};

const root = new URL('../../../../', import.meta.url);

for (const [path, render] of Object.entries(FILES)) {
  const file = new URL(path, root);
  const wanted = render();
  if (!process.argv.includes('--check')) {
    writeFileSync(file, wanted);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write(`${path} is out of date: run \`npm run docs\` and commit it.\n`);
    process.exitCode = 1;
  }
}
