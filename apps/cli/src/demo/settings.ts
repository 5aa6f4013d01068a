import type { Settings } from '../system/start-system.js';
import { DELAY_FACTOR } from './time.js';

/** What a program needs of its surroundings to run at all. Anything else could change how the demo goes. */
const HANDED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_OPTIONS', 'MONGODB_URI', 'REDIS_URL'];

export interface DemoSettings {
  readonly runId: string;
  readonly apiKey: string;
  readonly smtpUrl: string;
}

/** The configuration of the demo's processes: quick, small, and in a database and key space of its own. */
export function demoSettings(environment: Settings, { runId, apiKey, smtpUrl }: DemoSettings): Settings {
  return {
    ...Object.fromEntries(HANDED_ON.map((name) => [name, environment[name]])),
    NODE_ENV: 'production',
    MONGODB_DATABASE: `campaign_${runId}`,
    REDIS_PREFIX: `campaign-${runId}`,
    API_BOOTSTRAP_KEY: apiKey,
    CAMPAIGN_STAGE_DELAY_FACTOR: String(DELAY_FACTOR),
    CAMPAIGN_POLLING_INTERVAL_SECONDS: '0.5',
    CAMPAIGN_RETRY_DELAY_SECONDS: '1',
    SMTP_URL: smtpUrl,
    SMTP_TIMEOUT_SECONDS: '2',
    WORKER_CONCURRENT_TASKS: '8',
    LOG_LEVEL: 'INFO',
    LOG_FORMAT: 'json',
  };
}
