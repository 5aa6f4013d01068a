import { homedir } from 'node:os';
import { join } from 'node:path';

const { XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;

/** Where the tests keep what they fetch once. */
export const CACHE = join(XDG_CACHE_HOME, 'campaign-manager');

/** Prometheus and its promtool, where they were not on the PATH: see `fetch-prometheus.ts`. */
export const CACHED_PROMETHEUS = join(CACHE, 'prometheus');
