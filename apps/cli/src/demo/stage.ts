import { randomBytes } from 'node:crypto';
import { freePort, type Mailbox, startMailbox } from '@campaign-manager/local-stack';
import { environment } from '@campaign-manager/runtime';
import { type Api, createApi } from '../api-client.js';
import { type System, startSystem } from '../system/start-system.js';
import type { Teardown } from '../system/teardown.js';
import { emptyRedis } from './empty-redis.js';
import { type Accident, prepareAccident, senderOf } from './kill.js';
import { demoSettings } from './settings.js';

const WORKERS = 2;

/** Everything the demo plays on. */
export interface Stage {
  readonly system: System;
  readonly mailbox: Mailbox;
  /** Where answers by mail go. */
  readonly inbound: string;
  readonly api: Api;
  readonly accident: Accident | null;
}

export interface StageOptions {
  readonly kill: boolean;
  readonly teardown: Teardown;
  readonly say: (line: string) => void;
  readonly tell: (line: string) => void;
}

/** Starts mailbox and system, in a database and a key space of this run alone. */
export async function setStage({ kill, teardown, say, tell }: StageOptions): Promise<Stage> {
  const runId = `demo_${randomBytes(4).toString('hex')}`;
  const [apiKey, linkSecret] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
  const inboundPort = await freePort();
  const accident = kill ? prepareAccident(tell) : null;
  const mailbox = await startMailbox(accident ? { intercept: accident.intercept } : {});
  teardown.add(mailbox.stop);
  const settings = demoSettings(environment(), { runId, apiKey, smtpUrl: mailbox.uri, linkSecret, inboundPort });
  const prefix = settings['REDIS_PREFIX'] ?? '';
  const system = await startSystem({
    settings,
    workerSettings: (number) => ({ SMTP_FROM: `Tidewater <${senderOf(number)}>` }),
    workers: WORKERS,
    logFolder: 'logs/demo',
    teardown,
    say,
    leaveRedis: (redis) => emptyRedis(redis, prefix, false),
  });
  if (settings['MONGODB_URI']) say(`The database ${settings['MONGODB_DATABASE']} stays there afterwards.`);
  accident?.arm(system, prefix);
  const inbound = `smtp://127.0.0.1:${inboundPort}`;
  return { system, mailbox, inbound, api: createApi(system.apiUrl, apiKey), accident };
}
