// Whether this container's app is live, or with the argument `ready` is ready: exit code 0 or 1, and why on one line.
// It runs every few seconds, so it loads no more than it must.
import { get } from 'node:http';
import { environment } from '../packages/runtime/dist/config/environment.js';
import { observabilityVariables } from '../packages/runtime/dist/config/variables/observability.js';

const { name, default: usual } = observabilityVariables.metricsPort;
const url = `http://127.0.0.1:${environment()[name] || usual}/health/${process.argv[2] ?? 'live'}`;

process.exitCode = 1;
get(url, (response) => {
  if (response.statusCode === 200) process.exitCode = 0;
  response.pipe(process.stdout);
}).on('error', ({ message }) => console.log(`${url} does not answer: ${message}`));
