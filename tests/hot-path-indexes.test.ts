import type { Store } from '@campaign-manager/core/store';
import { type Mailbox, type ReceivedMail, startMailbox } from '@campaign-manager/local-stack';
import {
  type Api,
  createTestSystem,
  dropDatabase,
  dropKeys,
  type RunningProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { migratedStore } from './support/store.js';

const PEOPLE = Array.from({ length: 120 }, (_, i) => `p${String(i).padStart(3, '0')}`);
const template = {
  _id: 'busy',
  name: 'Busy',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'Hello {{recipient._id}}.', timing: { follow_up_delay_hours: 1, max_follow_ups: 2 } }],
      progression_rules: {
        response_required: true,
        max_stage_duration_hours: 6,
        auto_advance_after_max_duration: true,
        escalation_after_hours: 2,
        escalation_action: 'notify_manager',
      },
    },
    thank: { messages: [{ template: 'Thank you.' }] },
  },
};

/** Some mails are put off at first, some refused, some never answered. */
function fateOf({ headers }: ReceivedMail): 'accept' | 'hang' | { code: number; text: string } {
  const number = Number(/p(\d+)\//.exec(headers['x-campaign-message'] ?? '')?.[1]);
  if (number === 117) return { code: 550, text: 'Nobody here.' };
  if (number === 118) return 'hang';
  if (number % 20 === 3 && !deferred.has(number)) {
    deferred.add(number);
    return { code: 451, text: 'Later.' };
  }
  return 'accept';
}
const deferred = new Set<number>();

/** What MongoDB notes of a command. */
interface Profile {
  readonly op: string;
  readonly ns: string;
  readonly command: Readonly<Record<string, unknown>>;
  readonly planSummary?: string;
  readonly keysExamined?: number;
  readonly docsExamined?: number;
  readonly nreturned?: number;
  readonly nModified?: number;
  readonly nMatched?: number;
  readonly ndeleted?: number;
  readonly appName?: string;
}

describe('a complete system at work', () => {
  const database = testDatabaseName('hot_path');
  const redisPrefix = testRedisPrefix('hot_path');
  const processes: RunningProcess[] = [];
  let mailbox: Mailbox;
  let store: Store;
  let api: Api;
  let profiles: Profile[];

  beforeAll(async () => {
    mailbox = await startMailbox({ intercept: fateOf });
    store = await migratedStore(database);
    await store.connection.createCollection('system.profile', { capped: true, size: 64 * 1024 * 1024 });
    await store.connection.db?.setProfilingLevel('all');
    const system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix,
      env: {
        SMTP_URL: mailbox.uri,
        CAMPAIGN_STAGE_DELAY_FACTOR: String(1 / 3600),
        HISTORY_RETENTION_DAYS: '0.00001',
        CHANNEL_PAUSE_ERROR_RATE: '0',
        CAMPAIGN_MAX_BATCH_SIZE: '50',
      },
    });
    api = await system.startApi();
    processes.push(api.process, ...(await Promise.all([system.startWorker(), system.startScheduler()])));
    await runCampaigns();
    await Promise.all(processes.map((process) => process.stop()));
    await store.connection.db?.setProfilingLevel('off');
    const all = await store.connection.collection<Profile>('system.profile').find({}).toArray();
    profiles = all.filter(({ ns, appName }) => !ns.endsWith('system.profile') && appName !== 'test');
  }, 300_000);

  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await store.close();
    await mailbox.stop();
    await Promise.all([dropDatabase(database), dropKeys(redisPrefix)]);
  }, 60_000);

  /** Two campaigns with replies, follow-ups, escalations, opt-outs, failures, a pause and a cancellation. */
  async function runCampaigns(): Promise<void> {
    await api.call('POST', '/v1/templates', template);
    await api.call(
      'POST',
      '/v1/recipients',
      PEOPLE.map((_id) => ({ _id, email: `${_id}@example.test` })),
    );
    await api.call('POST', '/v1/suppressions', { channel: 'email', address: 'p119@example.test' });
    for (const id of ['c', 'd']) {
      const campaign = { _id: id, name: id, template_id: 'busy', channel: 'email', recipients: PEOPLE };
      await api.call('POST', '/v1/campaigns', campaign);
      await api.call('POST', `/v1/campaigns/${id}/launch`, {});
    }
    await until(() => mailbox.messages().length > 60, { timeoutMs: 60_000, describe: 'the first messages' });
    for (const [i, recipient_id] of PEOPLE.slice(0, 40).entries()) {
      const intent = i % 8 === 7 ? 'stop' : 'yes';
      await api.call('POST', '/v1/responses', { id: `r${i}`, campaign_id: 'c', recipient_id, intent, text: 'Yes.' });
    }
    await api.call('POST', '/v1/campaigns/d/pause', {});
    await api.call('POST', '/v1/campaigns/d/resume', {});
    await api.call('POST', '/v1/campaigns/d/cancel', {});
    await api.call('GET', '/v1/campaigns/c/progress?fresh=true');
    await api.call('GET', '/v1/campaigns/c/conversations?limit=50');
    await api.call('GET', `/v1/conversations/${encodeURIComponent('c/p001')}`);
    await api.call('GET', '/v1/messages?status=unknown');
    const settled = async () => {
      for (const { _id } of await store.messages.find({ status: 'unknown' }).lean()) {
        await api.call('POST', `/v1/messages/${encodeURIComponent(_id)}/resolve`, { action: 'confirm' }).catch(() => 0);
      }
      return (await store.campaigns.collection.countDocuments({ history_removed_at: { $gt: 0 } })) === 2;
    };
    await until(settled, { timeoutMs: 180_000, describe: 'both campaigns are over and emptied' });
  }

  /** Commands that are alike but for their values. */
  const shapeOf = ({ op, ns, command, planSummary }: Profile) =>
    `${op} ${ns.slice(ns.indexOf('.') + 1)} ${JSON.stringify(shape(command['q'] ?? command['filter'] ?? command['pipeline'] ?? command['query'] ?? command['getMore'] ?? {}))} ${planSummary ?? ''}`;

  it('reads and writes by indexes only', () => {
    const scans = profiles.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'));

    expect([...new Set(scans.map(shapeOf))]).toEqual([]);
    const touched = new Set(profiles.map(({ ns }) => ns.slice(database.length + 1)));
    for (const { collection } of Object.values(store.connection.models)) expect(touched).toContain(collection.name);
  });

  it('looks at about as many documents as it finds', () => {
    const wasteful = profiles.filter((profile) => {
      const { docsExamined = 0, nreturned = 0, nMatched = 0, ndeleted = 0 } = profile;
      return !isCount(profile) && docsExamined > 2 * (nreturned + nMatched + ndeleted + asked(profile)) + 20;
    });

    expect([...new Set(wasteful.map(shapeOf))]).toEqual([]);
  });
});

/** What has to look at everything it counts. */
function isCount({ command, planSummary }: Profile): boolean {
  const stages = JSON.stringify(command['pipeline'] ?? []);
  return planSummary === undefined || /COUNT|DISTINCT/.test(planSummary) || stages.includes('"$group"');
}

/** How many documents were asked for by their ids; a decision that lost its race changes none of them. */
function asked({ command }: Profile): number {
  const filter = (command['filter'] ?? command['q'] ?? {}) as { readonly _id?: { readonly $in?: readonly string[] } };
  return filter._id?.$in?.length ?? 0;
}

function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 && typeof value[0] === 'object' ? [shape(value[0])] : [];
  if (value === null || typeof value !== 'object' || value instanceof Date) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]));
}
