import { mkdir } from 'node:fs/promises';
import { startMailbox } from '@campaign-manager/local-stack';
import { environment } from '@campaign-manager/runtime';
import { stateFile } from '../project-files.js';
import type { Screen } from '../screen.js';
import { startSystem } from '../system/start-system.js';
import type { Teardown } from '../system/teardown.js';
import { localKey } from './local-key.js';

export interface UpOptions {
  readonly workers: number;
  readonly port: number;
}

/** Keeps the whole system up, with data that persists; ends only by an error. */
export async function up({ workers, port }: UpOptions, screen: Screen, teardown: Teardown): Promise<never> {
  const given = environment();
  const keyFile = stateFile('api-key');
  const key = given['API_BOOTSTRAP_KEY'] || (await localKey(keyFile));
  const mail = await mailSettings(given['SMTP_URL'], screen, teardown);
  const system = await startSystem({
    settings: { LOG_FORMAT: 'json', ...given, ...mail, API_BOOTSTRAP_KEY: key },
    workers,
    port,
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
    'Ctrl-C stops everything; the data stays.',
  ]) {
    screen.line(line);
  }
  return system.failed;
}

/** Mail goes to a mailbox of our own, so that nobody is written to by mistake, unless a server was named. */
async function mailSettings(smtpUrl: string | undefined, screen: Screen, teardown: Teardown) {
  if (smtpUrl) return {};
  await mkdir(stateFile('data'), { recursive: true });
  const journalPath = stateFile('data/mailbox.ndjson');
  const mailbox = await startMailbox({ journalPath });
  teardown.add(mailbox.stop);
  screen.line(screen.paint('dim', `Mail: kept in ${journalPath}; set SMTP_URL to send for real.`));
  return { SMTP_URL: mailbox.uri };
}
