import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { campaignTime, loadCampaign, type Store } from '@campaign-manager/core/store';
import { type Mailbox, startMailbox } from '@campaign-manager/local-stack';
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
import { migratedStore } from '../../../tests/support/store.js';
import { runCli, runShell } from './support/run-cli.js';

/** An hour lasts a second. */
const FACTOR = 1 / 3600;
const template = {
  _id: 'asking',
  name: 'Asking',
  type: 'sales',
  stages: {
    ask: {
      messages: [{ template: 'Hello.' }, { template: 'Hello again.', timing: { delay_hours: 40 } }],
      progression_rules: { response_required: true, max_stage_duration_hours: 5000 },
    },
    thank: { messages: [{ template: 'Thank you.' }] },
  },
};
const PEOPLE = ['ann', 'bob', 'cleo'];
const SENT_BEFORE = PEOPLE.map((one) => `c/${one}/ask/1/0/0`);
const SENT_IN_THE_GAP = ['c/ann/ask/1/1/0', 'c/bob/ask/1/1/0', 'c/cleo/thank/1/0/0'];

interface Running {
  readonly api: Api;
  stop(): Promise<unknown>;
}

describe('campaign backup and campaign restore', () => {
  const databases = [testDatabaseName('backup'), testDatabaseName('restored'), testDatabaseName('cut_off')] as const;
  const [lost, restored, cutOff] = databases;
  const prefixes = [testRedisPrefix('backup'), testRedisPrefix('restored')] as const;
  const cli = (database: string, ...args: string[]) =>
    runCli(args, { MONGODB_URI: testMongoUri(), MONGODB_DATABASE: database, CAMPAIGN_POLLING_INTERVAL_SECONDS: '0.5' });
  /** The command in a shell, for its pipes; the database is the lost one unless `env` names another. */
  const sh = (script: string, env: Readonly<Record<string, string>> = {}) =>
    runShell(script, {
      MONGODB_URI: testMongoUri(),
      MONGODB_DATABASE: lost,
      CAMPAIGN_POLLING_INTERVAL_SECONDS: '0.5',
      ...env,
    });
  let mailbox: Mailbox;
  let folder: string;
  let file: string;
  let store: Store;
  let running: Running | undefined;

  beforeAll(async () => {
    mailbox = await startMailbox({});
    folder = await mkdtemp(join(tmpdir(), 'campaign-backup-'));
    file = join(folder, 'backup.ndjson.gz');
  });
  afterAll(async () => {
    await running?.stop();
    await store?.close();
    await mailbox.stop();
    await rm(folder, { recursive: true });
    await Promise.all([...databases.map(dropDatabase), ...prefixes.map(dropKeys)]);
  }, 60_000);

  const keys = () => mailbox.messages().map(({ headers }) => headers['x-campaign-message'] ?? '');
  const reply = ({ api }: Running, recipient_id: string) =>
    api.call('POST', '/v1/responses', { id: `r-${recipient_id}`, campaign_id: 'c', recipient_id, intent: 'yes' });

  const system = (database: string, redisPrefix: string) =>
    createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix,
      env: { SMTP_URL: mailbox.uri, CAMPAIGN_STAGE_DELAY_FACTOR: String(FACTOR) },
    });

  async function start(database: string, redisPrefix: string): Promise<Running> {
    const apps = system(database, redisPrefix);
    const api = await apps.startApi();
    const others: RunningProcess[] = await Promise.all([apps.startWorker(), apps.startScheduler()]);
    return { api, stop: () => Promise.all([api.process, ...others].map((one) => one.stop())) };
  }

  it('a campaign is backed up while it runs, and goes on until its database is lost', async () => {
    await (await migratedStore(lost)).close();
    running = await start(lost, prefixes[0]);
    const { api } = running;
    await api.call('POST', '/v1/templates', template);
    await api.call(
      'POST',
      '/v1/recipients',
      [...PEOPLE, 'dan'].map((_id) => ({ _id, email: `${_id}@example.test` })),
    );
    const campaign = { _id: 'c', name: 'C', template_id: 'asking', channel: 'email', recipients: PEOPLE };
    await api.call('POST', '/v1/campaigns', campaign);
    await api.call('POST', '/v1/campaigns', { ...campaign, _id: 'draft', recipients: ['ann', 'dan'] });
    await api.call('POST', '/v1/campaigns/c/launch', {});
    await until(() => keys().length === 3, { timeoutMs: 30_000, describe: 'the first messages are sent' });

    const { code, stdout, stderr } = await cli(lost, 'backup', '--out', file);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+ documents backed up to /);
    expect([...keys()].sort()).toEqual([...SENT_BEFORE].sort()); // else the gap would have begun before the backup
    expect((await cli(lost, 'backup', '--out', file)).stderr).toContain('exists already.\nHint: name another file\n');

    await reply(running, 'cleo');
    await until(() => keys().length === 6, { timeoutMs: 60_000, describe: 'the messages of the gap are sent' });
    expect([...keys()].sort()).toEqual([...SENT_BEFORE, ...SENT_IN_THE_GAP].sort());
    await running.stop();
    running = undefined;
  }, 180_000);

  it('is written to a pipe as to a file, and says so by its exit code where the pipe breaks', async () => {
    const piped = await sh('campaign backup --out - > "$FILE"', { FILE: join(folder, 'piped.ndjson.gz') });
    expect([piped.code, piped.stderr]).toEqual([0, expect.stringMatching(/^\d+ documents backed up\n$/)]);
    const lines = gunzipSync(await readFile(join(folder, 'piped.ndjson.gz')))
      .toString()
      .trimEnd()
      .split('\n');
    expect(`${lines.length - 2} documents backed up\n`).toBe(piped.stderr);

    const broken = await sh('(campaign backup --out -; echo "$?" >&2) | true');
    expect(broken.stderr).toBe('Standard output cannot be written: EPIPE.\n1\n');
    expect((await cli(lost, 'archive', 'none', '--out', '-')).code).toBe(1);
  }, 60_000);

  it('is refused where the database is not empty, and where the file is cut off', async () => {
    expect((await cli(lost, 'restore', file)).stderr).toMatch(/^The database \S+ is not empty: there are documents in/);
    const whole = gunzipSync(await readFile(file)).toString();
    const part = join(folder, 'part.ndjson.gz');
    await writeFile(part, gzipSync(whole.slice(0, whole.lastIndexOf('{"documents"'))));
    await appendFile(join(folder, 'raw.gz'), (await readFile(file)).subarray(0, 200));

    expect((await cli(cutOff, 'restore', part)).stderr).toMatch(/is no backup to restore\. It was cut off/);
    expect((await cli(cutOff, 'migrate')).stderr).toMatch(/^A restore was begun and has not ended/); // by Compose, say
    const takenAt = new Date(0).toISOString();
    expect((await cli(cutOff, 'restore', '--taken-at', takenAt)).stderr).toMatch(
      /^A file was being restored into this/,
    );
    expect((await cli(cutOff, 'doctor')).stdout).toContain('A restore was begun and has not ended');
    await dropDatabase(cutOff);
    expect((await cli(cutOff, 'restore', join(folder, 'raw.gz'))).stderr).toMatch(/cannot be read: Z_BUF_ERROR\.\n$/);
    await dropDatabase(cutOff);
    const cut = await sh('head -c 200 "$FILE" | campaign restore -', { FILE: file, MONGODB_DATABASE: cutOff });
    expect([cut.code, cut.stderr]).toEqual([1, 'Standard input cannot be read: Z_BUF_ERROR.\n']);
    const none = await sh('campaign restore - < /dev/null', { MONGODB_DATABASE: cutOff });
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringMatching(/^Standard input is empty\.\nHint: .* exec -i/),
    ]);
    expect((await cli(cutOff, 'doctor')).stdout).toContain('run `campaign migrate`'); // no app works with what is left
  }, 90_000);

  it('tells what was lost and holds it: nothing is sent before an operator resumes the campaign', async () => {
    await (await migratedStore(restored)).close();
    const premature = await system(restored, prefixes[1]).startApi(); // leaves the schema and its key there
    await premature.process.stop();
    const { code, stdout, stderr } = await sh('cat "$FILE" | campaign restore -', {
      FILE: file,
      MONGODB_DATABASE: restored,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('held   c (was running): paused; 3 conversations had something due in that time\n');
    expect(stdout).toContain('draft  draft: if it was launched in that time, do not launch it again\n');
    expect(stdout).toContain('0 messages that were on their way are unknown now.\n');
    expect(stdout).toContain('0 replies of the time of the backup are routed again.\n');

    store = await migratedStore(restored);
    expect(await store.messages.countDocuments({})).toBe(3);
    expect(await store.conversations.countDocuments({})).toBe(3);
    const alone = await system(restored, prefixes[1]).startApi(); // whoever was erased since is erased before all else
    expect(await alone.call('POST', '/v1/recipients/dan/erasure', {})).toMatchObject({ status: 'complete' });
    await alone.process.stop();
    running = await start(restored, prefixes[1]);
    await reply(running, 'cleo'); // the mail server still has it
    expect(await store.campaigns.findById('c').lean()).toMatchObject({ status: 'paused' });
    expect(keys()).toHaveLength(6);
  }, 120_000);

  it('what was due in the gap becomes unknown when it goes on, and only what an operator resends goes out again', async () => {
    const { api } = running as Running;
    await api.call('POST', '/v1/campaigns/c/resume', {});
    const unknown = () => store.messages.find({ status: 'unknown' }).lean();
    await until(async () => (await unknown()).length === 3, { timeoutMs: 90_000, describe: 'the gap is decided' });

    expect((await unknown()).map(({ _id }) => _id).sort()).toEqual([...SENT_IN_THE_GAP].sort());
    expect(keys()).toHaveLength(6);
    const path = (key: string) => `/v1/messages/${encodeURIComponent(key)}`;
    await api.call('POST', `${path('c/bob/ask/1/1/0')}/resolve`, { action: 'resend' });
    await until(() => keys().includes('c/bob/ask/1/1/0/r1'), { timeoutMs: 30_000, describe: 'the resend is sent' });
    expect(keys()).toHaveLength(7);
  }, 150_000);

  it('behind the gap it sends as ever', async () => {
    await until(
      async () => {
        const campaign = await loadCampaign(store, 'c');
        return campaignTime(campaign, await store.serverTime()) > (campaign.doubt_until ?? Number.POSITIVE_INFINITY);
      },
      { timeoutMs: 180_000, describe: 'the campaign is past the gap' },
    );
    await reply(running as Running, 'ann');
    await until(() => keys().includes('c/ann/thank/1/0/0'), { timeoutMs: 30_000, describe: 'ann is thanked' });
    expect(new Set(keys()).size).toBe(keys().length);
    expect(keys()).toHaveLength(8);
  }, 240_000);

  it('a database that was restored by other means is held as well', async () => {
    await running?.stop();
    running = undefined;
    const takenAt = new Date((await store.serverTime()) - 60_000).toISOString();
    expect((await cli(restored, 'restore')).stderr).toContain('Either a file or --taken-at is needed.');

    const { stdout } = await cli(restored, 'restore', '--taken-at', takenAt, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ taken_at: takenAt, held: [{ _id: 'c', status: 'running' }] });
    expect(await store.campaigns.findById('c').lean()).toMatchObject({ paused_at: Date.parse(takenAt) });
  }, 60_000);

  it('everything of one campaign is archived, one document a line beside its collection', async () => {
    const out = join(folder, 'c.ndjson.gz');
    const { stdout } = await cli(restored, 'archive', 'c', '--out', out);
    const lines = gunzipSync(await readFile(out))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(stdout).toBe(`${lines.length - 2} documents of c archived to ${out}\n`);
    expect(lines[0]).toMatchObject({ dump: 1, schema: 1, campaign: 'c' });
    expect(lines.at(-1).documents).toMatchObject({
      campaigns: 1,
      campaign_templates: 1,
      audience_members: 3,
      conversation_states: 3,
      messages: await store.messages.countDocuments({}),
      responses: 2,
    });
    expect(lines.slice(1, -1).every(({ collection, document }) => collection && document._id)).toBe(true);
    expect((await cli(restored, 'archive', 'none', '--out', `${out}2`)).stderr).toBe("There is no campaign 'none'.\n");
  }, 60_000);
});
