// The command behind `npm run docs`, for Grafana's dashboards: writes them to the chart's files, of which Compose uses the
// same; with --check it only tells whether that is needed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { campaigns } from './campaigns.mjs';
import { delivery } from './delivery.mjs';
import { queuesAndWorkers } from './queues-and-workers.mjs';
import { stores } from './stores.mjs';

const folder = new URL('../../helm/campaign-manager/files/dashboards/', import.meta.url);
const dashboards = { campaigns, delivery, 'queues-and-workers': queuesAndWorkers, stores };
const check = process.argv.includes('--check');

for (const [name, dashboard] of Object.entries(dashboards)) {
  const file = new URL(`${name}.json`, folder);
  const wanted = `${JSON.stringify(dashboard, null, 2)}\n`;
  if (!check) writeFileSync(file, wanted);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write(`${name}.json, a dashboard, is out of date: run \`npm run docs\` and commit it.\n`);
    process.exitCode = 1;
  }
}
