import type { CampaignDocument, ConversationDocument } from '@campaign-manager/core/models';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { connectStore, initializePage, migrate, type Store, saveInitializeCursor } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { createProducers, ensureConnected, producerConnection, type QueueName } from '@campaign-manager/queues';
import { createClock, createLogger, createMetrics, loadConfig } from '@campaign-manager/runtime';
import { dropDatabase, testDatabaseName, testMongoUri } from '@campaign-manager/testkit';
import { draftCampaign, launch } from '../../../../tests/support/campaign.js';

/** A scheduler built by hand on real services, without the loop: the test polls. */
export interface World {
  readonly context: Ports;
  readonly store: Store;
  /** Another scheduler of the same system. */
  another(): Promise<Ports>;
  skip(ms: number): void;
  /** A running campaign with so many conversations, due as told, which nobody has handed out. */
  running(id: string, dueInMs: readonly number[], more?: Partial<CampaignDocument>): Promise<string[]>;
  change(conversationId: string, set: Partial<ConversationDocument>): Promise<void>;
  jobs(queue: QueueName): Promise<{ name: string; id: string; data: Record<string, unknown>; delay: number }[]>;
  /** How often each conversation is in a batch that waits. */
  handedOut(): Promise<ReadonlyMap<string, number>>;
  clearQueues(): Promise<void>;
  stop(): Promise<void>;
}

export const template: CampaignTemplate = {
  _id: 'ask',
  name: 'Ask',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'Hello.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 9 },
    },
  },
};

export async function createWorld(
  redisUrl: string,
  prefix: string,
  env: Readonly<Record<string, string>> = {},
): Promise<World> {
  const database = testDatabaseName(prefix);
  const config = loadConfig({
    MONGODB_URI: testMongoUri(),
    MONGODB_DATABASE: database,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: prefix,
    CAMPAIGN_POLLING_INTERVAL_SECONDS: '10',
    CAMPAIGN_MAX_BATCH_SIZE: '10',
    ...env,
  });
  const store = await connectStore({ uri: testMongoUri(), database, poolSize: 10, maxIdleMs: 30_000, appName: 'test' });
  await migrate(store);
  const real = createClock({ readServerTime: store.serverTime });
  await real.sync();
  let skipped = 0;
  const clock = { ...real, now: () => real.now() + skipped };
  const contexts: Ports[] = [];
  const another = async (): Promise<Ports> => {
    const redis = producerConnection(redisUrl);
    await ensureConnected(redis);
    const metrics = createMetrics({ enableMetrics: false });
    const context = {
      config,
      store,
      clock,
      producers: createProducers(redis, prefix, {
        onAdded: (queue, names) => {
          for (const name of names) metrics.jobsEnqueued.inc({ queue, name });
        },
      }),
      metrics,
      logger: createLogger(config, { app: 'test', stream: { write: () => {} } }),
    };
    contexts.push(context);
    return context;
  };
  const context = await another();

  async function jobs(queue: QueueName) {
    const found = await context.producers.queues[queue].getJobs(['waiting', 'delayed', 'prioritized']);
    return found.map(({ name, id = '', data, delay }) => ({ name, id, data: data as Record<string, unknown>, delay }));
  }

  return {
    context,
    store,
    another,
    skip: (ms) => {
      skipped += ms;
    },
    running: async (id, dueInMs, more = {}) => {
      await launch(store, template, draftCampaign(id, template, more), [], 1);
      const now = clock.now();
      const members = dueInMs.map((_, i) => {
        const recipient_id = `p${String(i).padStart(6, '0')}`;
        return { _id: `${id}/${recipient_id}`, campaign_id: id, recipient_id, context: {} };
      });
      await initializePage(store, members, 'ask', now);
      await saveInitializeCursor(store, id, { from: '', to: 'z', done: true, now });
      await store.conversations.collection.bulkWrite(
        members.map(({ _id }, i) => ({
          updateOne: { filter: { _id: _id as never }, update: { $set: { next_action_at: now + (dueInMs[i] ?? 0) } } },
        })),
      );
      return members.map(({ _id }) => _id);
    },
    change: async (conversationId, set) => {
      await store.conversations.collection.updateOne({ _id: conversationId as never }, { $set: set });
    },
    jobs,
    handedOut: async () => {
      const counts = new Map<string, number>();
      for (const { data } of await jobs('conversations')) {
        for (const id of (data['conversation_ids'] as string[] | undefined) ?? []) {
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
      }
      return counts;
    },
    clearQueues: async () => {
      for (const queue of Object.values(context.producers.queues)) await queue.drain(true);
    },
    stop: async () => {
      await Promise.all(contexts.map(({ producers }) => producers.close()));
      await store.close();
      await dropDatabase(database);
    },
  };
}
