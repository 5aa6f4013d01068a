import type { CampaignDocument, ConversationDocument, MessageDocument } from '@campaign-manager/core/models';
import type { CampaignTemplate, Recipient } from '@campaign-manager/core/schemas';
import { connectStore, loadConversation, loadMessages, migrate, type Store } from '@campaign-manager/core/store';
import { createProducers, ensureConnected, type JobToDo, producerConnection } from '@campaign-manager/queues';
import { createClock, createLogger, createMetrics, loadConfig } from '@campaign-manager/runtime';
import {
  dropDatabase,
  dropKeys,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from '../../../../tests/support/campaign.js';
import type { WorkerContext } from '../../src/context.js';
import { createDispatcher } from '../../src/delivery/dispatcher.js';
import { createRecorder } from '../../src/delivery/recorder.js';
import { initialize } from '../../src/jobs/initialize.js';
import { createPermits } from '../../src/permits.js';
import { createTemplates } from '../../src/templates.js';
import { type Interference, interfere } from './interfere.js';
import { createScriptedChannel, type ScriptedChannel } from './scripted-channel.js';

/** A worker process built by hand, on real services and a scripted channel: the test runs its handlers. */
export interface World {
  readonly context: WorkerContext;
  /** Not interfered with. */
  readonly store: Store;
  readonly channel: ScriptedChannel;
  readonly interference: Interference;
  /** Lets time pass for this worker. */
  skip(ms: number): void;
  /** Launches a campaign and creates its conversations; answers their ids. */
  begin(campaignId: string, template: CampaignTemplate, more?: BeginOptions): Promise<string[]>;
  conversation(id: string): Promise<ConversationDocument>;
  row(key: string): Promise<MessageDocument | undefined>;
  rows(): Promise<MessageDocument[]>;
  stop(): Promise<void>;
}

export interface BeginOptions {
  readonly recipients?: readonly Recipient[];
  readonly campaign?: Partial<CampaignDocument>;
  readonly factor?: number;
}

/** Milliseconds of one template hour under the default factor of `begin`. */
export const HOUR_MS = 3_600_000;

export const ANN: Recipient = { _id: 'ann', first_name: 'Ann', email: 'ann@example.test' };

export function job<P>(payload: P, redelivered = false): JobToDo<P> {
  return { payload, id: `job-${Math.random()}`, redelivered };
}

export async function createWorld(label: string, env: Readonly<Record<string, string>> = {}): Promise<World> {
  const database = testDatabaseName(label);
  const prefix = testRedisPrefix(label);
  const config = loadConfig({
    MONGODB_URI: testMongoUri(),
    MONGODB_DATABASE: database,
    REDIS_URL: testRedisUrl(),
    REDIS_PREFIX: prefix,
    CAMPAIGN_POLLING_INTERVAL_SECONDS: '5',
    CAMPAIGN_RETRY_DELAY_SECONDS: '60',
    ...env,
  });
  const store = await connectStore({
    uri: config.mongodbUri,
    database,
    poolSize: 10,
    maxIdleMs: 30_000,
    appName: 'test',
  });
  await migrate(store);
  const redis = producerConnection(config.redisUrl);
  await ensureConnected(redis);
  const producers = createProducers(redis, prefix);
  const real = createClock({ readServerTime: store.serverTime });
  await real.sync();
  let skipped = 0;
  const interference = interfere(store);
  const ports = {
    config,
    producers,
    store: interference.store,
    clock: { ...real, now: () => real.now() + skipped },
    metrics: createMetrics({ enableMetrics: false }),
    logger: createLogger(config, { app: 'test', stream: { write: () => {} } }),
  };
  const channel = createScriptedChannel();
  const dispatcher = createDispatcher(ports, channel, createRecorder(ports), config.workerConcurrentTasks);
  const context: WorkerContext = {
    ...ports,
    channels: new Map([['email', channel]]),
    dispatchers: new Map([['email', dispatcher]]),
    permits: createPermits(config.maxConcurrentConversations),
    templates: createTemplates(store),
  };
  return {
    context,
    store,
    channel,
    interference,
    skip: (ms) => {
      skipped += ms;
    },
    begin: async (campaignId, template, { recipients = [ANN], campaign = {}, factor = 1 } = {}) => {
      await launch(store, template, draftCampaign(campaignId, template, campaign), recipients, factor);
      await initialize(context, job({ campaign_id: campaignId, cursor: '' }));
      return recipients.map(({ _id }) => `${campaignId}/${_id}`);
    },
    conversation: (id) => loadConversation(store, id),
    row: async (key) => (await loadMessages(store, [key]))[0],
    rows: async () => (await store.messages.collection.find({}).sort({ _id: 1 }).toArray()) as never,
    stop: async () => {
      await producers.close();
      await store.close();
      await Promise.all([dropDatabase(database), dropKeys(prefix)]);
    },
  };
}
