// Whether this container's app is live, or with the argument `ready` is ready: exit code 0 or 1, and why on one line.
import { loadConfig } from '../packages/runtime/dist/config/load-config.js';

const url = `http://127.0.0.1:${loadConfig().metricsPort}/health/${process.argv[2] ?? 'live'}`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4000) });
  console.log((await response.text()).trim());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`${url} does not answer: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
