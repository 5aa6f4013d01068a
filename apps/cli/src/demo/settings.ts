import type { Settings } from '../system/start-system.js';
import { DELAY_FACTOR } from './time.js';

/** What a program needs of its surroundings to run at all. Anything else could change how the demo goes. */
const HANDED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_OPTIONS', 'MONGODB_URI', 'REDIS_URL'];

export interface DemoSettings {
  readonly runId: string;
  readonly apiKey: string;
  readonly smtpUrl: string;
  readonly linkSecret: string;
  /** Where the api takes the recipients' answers. */
  readonly inboundPort: number;
}

/** The configuration of the demo's processes: quick, small, and in a database and key space of its own. */
export function demoSettings(environment: Settings, run: DemoSettings): Settings {
  const { runId, apiKey, smtpUrl, linkSecret, inboundPort } = run;
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
    LINK_SECRET: linkSecret,
    INBOUND_DOMAIN: 'replies.demo.test',
    INBOUND_SMTP_HOST: '127.0.0.1',
    INBOUND_SMTP_PORT: String(inboundPort),
    WORKER_CONCURRENT_TASKS: '8',
    LOG_LEVEL: 'INFO',
    LOG_FORMAT: 'json',
  };
}
