import { mkdir } from 'node:fs/promises';
import { freePort, startMailbox } from '@campaign-manager/local-stack';
import { environment, loadConfig } from '@campaign-manager/runtime';
import { stateFile } from '../project-files.js';
import type { Screen } from '../screen.js';
import { type Settings, startSystem } from '../system/start-system.js';
import type { Teardown } from '../system/teardown.js';
import { localKey } from './local-key.js';
import { serviceLines } from './overview.js';

export interface UpOptions {
  readonly workers: number;
  readonly port: number;
}

/** Keeps the whole system up, with data that persists; ends only by an error. */
export async function up({ workers, port }: UpOptions, screen: Screen, teardown: Teardown): Promise<never> {
  const given = environment();
  const keyFile = stateFile('api-key');
  const key = given['API_BOOTSTRAP_KEY'] || (await localKey(keyFile));
  const mail = await mailSettings(given, port, screen, teardown);
  const system = await startSystem({
    settings: { LOG_FORMAT: 'json', ...given, ...mail, API_BOOTSTRAP_KEY: key },
    workers,
    port,
    ...metricsPortOf(given),
    dataFolder: 'data',
    logFolder: 'logs/up',
    teardown,
    say: (line) => screen.line(screen.paint('dim', line)),
  });
  const keyText = given['API_BOOTSTRAP_KEY'] ? '$API_BOOTSTRAP_KEY' : `$(cat ${keyFile})`;
  for (const line of [
    '',
    `The api is at ${screen.paint('bold', system.apiUrl)}, with ${workers} workers; logs are in ${stateFile('logs/up')}.`,
    `Its key is in ${given['API_BOOTSTRAP_KEY'] ? 'API_BOOTSTRAP_KEY' : keyFile}. Try:`,
    '',
    `  curl -H "Authorization: Bearer ${keyText}" ${system.apiUrl}/v1/campaigns`,
    '',
    ...serviceLines(system, given),
    '',
    'Ctrl-C stops everything; the data stays.',
  ]) {
    screen.line(line);
  }
  return system.failed;
}

/** METRICS_PORT as the apps read it; 0, and none, leave the ports to chance, since all run on one machine. */
function metricsPortOf({ METRICS_PORT: given }: Settings): { readonly metricsPort?: number } {
  const { metricsPort } = loadConfig(given ? { METRICS_PORT: given } : { METRICS_PORT: '0' });
  return metricsPort === 0 ? {} : { metricsPort };
}

/**
 * Mail goes to a mailbox of our own, so that nobody is written to by mistake, unless a server was named. Answers are taken
 * on this machine then; whoever sends for real says where answers go as well.
 */
async function mailSettings(given: Settings, port: number, screen: Screen, teardown: Teardown): Promise<Settings> {
  if (given['SMTP_URL']) return {};
  await mkdir(stateFile('data'), { recursive: true });
  const journalPath = stateFile('data/mailbox.ndjson');
  const mailbox = await startMailbox({ journalPath });
  teardown.add(mailbox.stop);
  screen.line(screen.paint('dim', `Mail: kept in ${journalPath}; set SMTP_URL to send for real.`));
  const replies = {
    LINK_SECRET: given['LINK_SECRET'] || (await localKey(stateFile('link-secret'))),
    PUBLIC_URL: given['PUBLIC_URL'] || `http://127.0.0.1:${port}`,
    INBOUND_DOMAIN: given['INBOUND_DOMAIN'] || 'replies.localhost',
    INBOUND_SMTP_HOST: given['INBOUND_SMTP_HOST'] || '127.0.0.1',
    INBOUND_SMTP_PORT: given['INBOUND_SMTP_PORT'] || String(await freePort()),
  };
  const { INBOUND_SMTP_HOST: host, INBOUND_SMTP_PORT: inboundPort } = replies;
  screen.line(screen.paint('dim', `Replies by mail: send them to smtp://${host}:${inboundPort}, see docs/replies.md.`));
  return { SMTP_URL: mailbox.uri, ...replies };
}
