import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCondition, compileText } from '@campaign-manager/core/engine';
import { type CampaignTemplate, checkCampaign, checkTemplate } from '@campaign-manager/core/schemas';
import {
  addEvent,
  campaignTime,
  connectStore,
  loadCampaign,
  loadConversation,
  loadTimeline,
  migrate,
  type Store,
} from '@campaign-manager/core/store';
import {
  createTestSystem,
  dropDatabase,
  type RunningProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';

const EXAMPLE = join(__dirname, '..', 'examples', 'custom-logic');
/** A day takes 0.24 s. */
const FACTOR = 0.000_002_8;
const CAMPAIGN = 'deals';

const contexts = {
  large: { deal_size: 250_000 },
  small: { deal_size: 50_000 },
  unclear: { deal_size: 'to be discussed' },
};
const recipients = Object.keys(contexts).map((_id) => ({
  _id,
  first_name: _id,
  email: `${_id}@example.test`,
  company_name: 'Example Ltd',
}));

const readExample = (file: string): unknown => JSON.parse(readFileSync(join(EXAMPLE, file), 'utf8'));
const template = readExample('template.json') as CampaignTemplate;

describe('custom logic in the running system', () => {
  const database = testDatabaseName('custom_logic');
  const processes: RunningProcess[] = [];
  let store: Store;
  let folder: string;

  const system = (module: string, env = {}) =>
    createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix: testRedisPrefix('custom_logic'),
      env: { CAMPAIGN_MANAGER_MODULE: module, ...env },
    });
  const conversation = (recipient: string) => loadConversation(store, `${CAMPAIGN}/${recipient}`);

  async function history(recipient: string): Promise<string[]> {
    const events = await loadTimeline(store, await conversation(recipient));
    return events.map(({ type, stage, reason }) => [type, stage, reason].filter(Boolean).join(' '));
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custom-logic-'));
    store = await connectStore({ uri: testMongoUri(), database, poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
    await migrate(store);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await store.close();
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  }, 60_000);

  it('has an example whose documents are valid', () => {
    const checks = {
      condition: (source: string) => messageOf(compileCondition(source)),
      text: (source: string) => messageOf(compileText(source)),
    };

    expect(checkTemplate(template, checks).faults).toEqual([]);
    expect(checkCampaign(readExample('campaign.json'), template).faults).toEqual([]);
  });

  it("takes a large deal to the executives, a small one along the template's rules, and blocks one that it cannot judge", async () => {
    const { startWorker, startScheduler } = system(join(EXAMPLE, 'enterprise-manager.mjs'));
    processes.push(...(await Promise.all([startWorker('worker 1'), startWorker('worker 2'), startScheduler()])));
    const context_data = { 'company.product_name': 'Tidewater Fleet' };
    await launch(
      store,
      template,
      draftCampaign(CAMPAIGN, template, { context_data, channel: 'log' }),
      recipients,
      FACTOR,
      contexts,
    );

    await until(async () => (await conversation('unclear')).status === 'blocked', {
      timeoutMs: 30_000,
      describe: 'the unclear deal to be blocked',
    });
    await until(
      async () =>
        (await conversation('large')).status === 'completed' && (await conversation('small')).status === 'completed',
      { timeoutMs: 60_000, describe: 'the other two to come to their ends' },
    );

    expect(await history('large')).toEqual([
      'entered discovery',
      'sent discovery',
      'advanced discovery messages_sent',
      'entered decision',
      'advanced decision custom',
      'entered executive_approval',
      'sent executive_approval',
      'advanced executive_approval messages_sent',
      'entered contract',
      'sent contract',
      'completed contract all_stages_completed',
    ]);
    expect((await conversation('large')).context).toEqual({ deal_size: 250_000, approval: 'requested' });

    expect(await history('small')).toContain('sent decision');
    expect((await history('small')).at(-1)).toBe('completed decision max_duration');
    expect((await history('small')).join()).not.toContain('executive_approval');
    expect((await conversation('small')).context).toEqual({ deal_size: 50_000 });

    expect(await conversation('unclear')).toMatchObject({
      status: 'blocked',
      current_stage: 'decision',
      reason: 'custom_logic_failed: deal_size must be a number',
    });
  }, 120_000);

  it('asks again when an operator retries the blocked conversation', async () => {
    const campaign = await loadCampaign(store, CAMPAIGN);
    const at = campaignTime(campaign, await store.serverTime());
    await addEvent(store, `${CAMPAIGN}/unclear`, {
      id: 'again',
      type: 'command',
      at,
      by: 'olga',
      command: { name: 'retry' },
    });

    await until(async () => (await history('unclear')).filter((line) => line.startsWith('blocked')).length === 2, {
      timeoutMs: 30_000,
      describe: 'it to be unblocked and blocked again',
    });
    expect((await history('unclear')).slice(-4)).toEqual([
      'command decision',
      'unblocked decision',
      'sent decision', // what fell due meanwhile leaves before the module is asked
      'blocked decision custom_logic_failed: deal_size must be a number',
    ]);
  }, 60_000);

  it.each([
    ['there is none', 'nowhere.mjs', '1', /cannot be loaded: Cannot find module/],
    ['it exports no manager', 'wrong.mjs', '1', /extends CampaignManager of core/],
    ['it exports no manager, and several processes would load it', 'wrong.mjs', '2', /extends CampaignManager of core/],
  ])(
    'stops the worker with one line where %s',
    async (_, file, WORKER_THREADS, expected) => {
      await writeFile(join(folder, 'wrong.mjs'), 'export default class {}');
      const worker = system(join(folder, file), { WORKER_THREADS }).spawn('worker', 'worker');
      processes.push(worker);

      expect((await worker.exited).code).toBe(1);
      expect(worker.lines()).toHaveLength(1);
      expect(worker.lines()[0]).toMatch(expected);
    },
    60_000,
  );
});

function messageOf(result: { readonly ok: true } | { readonly ok: false; readonly message: string }): string | null {
  return result.ok ? null : result.message;
}
