import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectStore, migrate } from '@campaign-manager/core/store';
import { freePort, type Mailbox, type MailboxOptions, startMailbox } from '@campaign-manager/local-stack';
import { createTestSystem } from '@campaign-manager/testkit';
import { Redis } from 'ioredis';
import { type Db, MongoClient } from 'mongodb';
import { type Load, ONE_SECOND_AN_HOUR } from '../load.js';
import { type Client, createClient } from './client.js';
import { currentDials } from './dials.js';
import { createFleet, type Fleet } from './fleet.js';
import { launch } from './launch.js';
import { type Repliers, startRepliers } from './repliers.js';
import type { Services } from './services.js';

export const POLL_MS = 500;
export const SMTP_TIMEOUT_MS = 2000;
/** A claim lasts so much longer than the time-out of its channel (design, section 6). */
export const LEASE_MS = SMTP_TIMEOUT_MS + 5000;

export interface WorldSettings<S extends Services = Services> {
  /** Default: 2. */
  readonly workers?: number;
  /** Default: 1. */
  readonly schedulers?: number;
  /** Over the suite's own settings, for every process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly mailbox?: Omit<MailboxOptions, 'journalPath' | 'mishapsPath'>;
  /** For faults that harm MongoDB or Redis. Default: those that all faults share, which `shared` answers. */
  readonly services?: (shared: () => Promise<Services>) => Promise<S>;
  /** Brings in what earlier processes are said to have left. */
  readonly before?: (ground: Ground) => Promise<void>;
  /** The folder of another built checkout whose apps are run. */
  readonly root?: string;
  /** How long a recipient who replies thinks about it, in milliseconds. Default: not at all. */
  readonly replyAfterMs?: (random: () => number) => number;
}

/** What is there before the first process starts. */
export interface Ground {
  readonly db: Db;
  readonly redis: Redis;
  readonly prefix: string;
  readonly journalPath: string;
}

/** One moment at which a fault struck. */
export interface Strike {
  /** Recovery counts from here; milliseconds since 1970. */
  from: number;
}

/** A whole system, its mailbox and its customers, all of one run of one fault. */
export interface World<S extends Services = Services> {
  readonly services: S;
  readonly db: Db;
  readonly redis: Redis;
  /** What every key of this world in Redis begins with. */
  readonly prefix: string;
  readonly mailbox: Mailbox;
  readonly journalPath: string;
  readonly workers: Fleet;
  readonly schedulers: Fleet;
  readonly apis: Fleet;
  readonly client: Client;
  readonly repliers: Repliers;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly strikes: readonly Strike[];
  /** The fault strikes now. Where it lasts, set `from` of what this answers when it is over. */
  struck(): Strike;
  /** Brings a campaign in and launches it. */
  launch(load: Load): Promise<void>;
  /** How many campaigns have ended. */
  ended(): Promise<number>;
  /** Whether every campaign has ended, so that nothing is left to disturb. */
  over(): Promise<boolean>;
  /** What the system still has to tidy up, in words; null: nothing. Sweeps do it some seconds after a crash. */
  untidy(): Promise<string | null>;
  /** Rejects at the run's deadline. */
  wait(ms: number): Promise<void>;
  /** Acceptances so far. */
  accepted(): number;
  /** Ends the processes, in order, with time to drain. */
  stopApps(): Promise<void>;
  /** Ends everything; also after a failure. */
  destroy(): Promise<void>;
}

export interface WorldOptions<S extends Services> {
  readonly name: string;
  readonly folder: string;
  readonly loads: readonly Load[];
  readonly settings: WorldSettings<S>;
  readonly shared: () => Promise<Services>;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

const GRACE_MS = 35_000;

/** Starts everything that one run of a fault plays on. */
export async function createWorld<S extends Services>(options: WorldOptions<S>): Promise<World<S>> {
  const { folder, settings, signal, random, loads } = options;
  const endings: (() => unknown)[] = [];
  const destroy = async () => {
    for (const end of endings.splice(0).reverse()) await Promise.resolve(end()).catch(() => undefined);
  };
  try {
    const services = settings.services ? await settings.services(options.shared) : ((await options.shared()) as S);
    endings.push(() => services.stop());
    const run = `chaos_${randomBytes(4).toString('hex')}`;
    const mongo = new MongoClient(services.mongodbUri);
    endings.push(() => mongo.close());
    const redis = new Redis(services.redisUrl, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined); // faults take it away
    endings.push(() => redis.disconnect());
    const journalPath = join(folder, 'journal.ndjson');
    const db = mongo.db(run);
    await settings.before?.({ db, redis, prefix: run, journalPath });
    await migrateDatabase(services.mongodbUri, run);
    const mailbox = await startMailbox({
      ...settings.mailbox,
      journalPath,
      mishapsPath: join(folder, 'mishaps.ndjson'),
    });
    endings.push(() => mailbox.stop());
    const log = createWriteStream(join(folder, 'processes.log'));
    endings.push(() => log.end());
    const port = await freePort();
    const key = randomBytes(24).toString('hex');
    const system = createTestSystem({
      mongodbUri: services.forApps?.mongodbUri ?? services.mongodbUri,
      database: run,
      redisUrl: services.forApps?.redisUrl ?? services.redisUrl,
      redisPrefix: run,
      ...(settings.root !== undefined && { root: settings.root }),
      onLine: (line) => log.write(`${line}\n`),
      env: {
        SMTP_URL: mailbox.uri,
        WORKER_CONCURRENT_TASKS: String(currentDials().tasks),
        CAMPAIGN_MAX_BATCH_SIZE: String(currentDials().batchSize),
        CAMPAIGN_STAGE_DELAY_FACTOR: ONE_SECOND_AN_HOUR,
        CAMPAIGN_POLLING_INTERVAL_SECONDS: String(POLL_MS / 1000),
        // What the faults do to a channel would pause it, as it should, and is not what is proven here.
        CHANNEL_PAUSE_ERROR_RATE: '0',
        SMTP_TIMEOUT_SECONDS: String(SMTP_TIMEOUT_MS / 1000),
        API_HOST: '127.0.0.1',
        API_PORT: String(port),
        API_BOOTSTRAP_KEY: key,
        ...settings.env,
      },
    });
    const workers = createFleet('worker', (label, env) => system.spawn('worker', label, env), /The worker takes jobs/);
    const schedulers = createFleet(
      'scheduler',
      (label, env) => system.spawn('scheduler', label, env),
      /The scheduler polls/,
    );
    const apis = createFleet('api', (label, env) => system.spawn('api', label, env), /The api listens/);
    const stopApps = async (graceMs = GRACE_MS) => {
      await apis.stopAll(graceMs);
      await schedulers.stopAll(graceMs);
      await workers.stopAll(graceMs);
    };
    endings.push(() => stopApps(1000));
    await Promise.all([
      apis.add(),
      ...Array.from({ length: settings.schedulers ?? 1 }, () => schedulers.add()),
      ...Array.from({ length: settings.workers ?? 2 }, () => workers.add()),
    ]);
    const client = createClient(`http://127.0.0.1:${port}`, key, signal);
    const repliers = startRepliers({
      mailbox,
      client,
      loads,
      signal,
      afterMs: () => settings.replyAfterMs?.(random) ?? 0,
    });
    endings.push(() => repliers.stop());
    const ended = () =>
      db.collection<{ _id: string; ended_at: number | null }>('campaigns').countDocuments({
        _id: { $in: loads.map(({ campaign }) => campaign) },
        ended_at: { $gt: 0 },
      });
    const strikes: Strike[] = [];
    return {
      services,
      db,
      redis,
      prefix: run,
      mailbox,
      journalPath,
      workers,
      schedulers,
      apis,
      client,
      repliers,
      random,
      signal,
      strikes,
      struck: () => {
        const strike = { from: Date.now() };
        strikes.push(strike);
        return strike;
      },
      launch: (load) => launch(client, load, signal),
      ended,
      over: async () => (await ended()) === loads.length,
      untidy: async () => {
        if (repliers.pending > 0) return `${repliers.pending} replies wait for the api`;
        const batches = await db.collection('open_batches').countDocuments();
        if (batches > 0) return `${batches} batches are open`;
        const replies = await db.collection('responses').countDocuments({ status: { $in: ['received', 'queued'] } });
        return replies > 0 ? `${replies} replies are not settled` : null;
      },
      wait: async (ms) => {
        await delay(ms, undefined, { signal });
      },
      accepted: () => mailbox.messages().length,
      stopApps: () => stopApps(),
      destroy,
    };
  } catch (error) {
    await destroy();
    throw error;
  }
}

/** The first step of every installation; the apps wait for it. */
async function migrateDatabase(uri: string, database: string): Promise<void> {
  const store = await connectStore({ uri, database, poolSize: 1, maxIdleMs: 0, appName: 'chaos' });
  try {
    await migrate(store);
  } finally {
    await store.close();
  }
}
