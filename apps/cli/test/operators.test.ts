import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore, type Store } from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { runCli } from './support/run-cli.js';
import { startTestSystem, type TestSystem } from './support/system.js';

const WAITING = { response_required: true, max_stage_duration_hours: 100 };
const template = {
  _id: 'greeting',
  name: 'Greeting',
  type: 'support',
  stages: {
    hello: {
      messages: [{ template: 'Hello {{recipient.first_name}}.' }],
      progression_rules: WAITING,
    },
  },
};

let system: TestSystem;
let store: Store;
let folder: string;
beforeAll(async () => {
  system = await startTestSystem('operators');
  const { MONGODB_URI = '', MONGODB_DATABASE = '' } = system.env;
  store = await connectStore({
    uri: MONGODB_URI,
    database: MONGODB_DATABASE,
    poolSize: 2,
    maxIdleMs: 0,
    appName: 'test',
  });
  folder = await mkdtemp(join(tmpdir(), 'campaign-operators-'));
  await system.post('/v1/templates', template);
  await system.post(
    '/v1/recipients',
    ['ada', 'bob', 'cleo'].map((_id) => ({ _id, first_name: _id, email: `${_id}@example.test` })) as object,
  );
  const recipients = ['ada', 'bob', 'cleo'];
  await system.post('/v1/campaigns', { _id: 'c', name: 'C', template_id: 'greeting', channel: 'log', recipients });
  await system.post('/v1/campaigns/c/launch', {});
  await until(async () => (await store.messages.countDocuments({ status: 'sent' })) === 3, {
    describe: 'all were sent',
  });
}, 60_000);
afterAll(async () => {
  await store.close();
  await system.stop();
  await rm(folder, { recursive: true });
});

describe('campaign suppressions', () => {
  afterEach(() => store.suppressions.deleteMany({}));

  it('adds, lists and removes', async () => {
    const added = await system.cli('suppressions', 'add', 'email', 'Ann@Example.test', '--source', 'she phoned');
    expect(added).toEqual({ code: 0, stdout: 'ann@example.test is suppressed on email (manual).\n', stderr: '' });
    await system.cli('suppressions', 'add', 'webhook', 'user_1', '--reason', 'complaint');

    const { stdout } = await system.cli('suppressions', 'list');
    expect(stdout.split('\n')).toEqual([
      'channel,address,reason,source,created_at',
      expect.stringMatching(/^email,ann@example\.test,manual,she phoned,2\d{3}-/),
      expect.stringMatching(/^webhook,user_1,complaint,,2\d{3}-/),
      '',
    ]);
    expect((await system.cli('suppressions', 'remove', 'email', 'ANN@example.test')).code).toBe(0);
    const again = await system.cli('suppressions', 'remove', 'email', 'ann@example.test');
    expect([again.code, again.stderr]).toEqual([1, "Not found: There is no suppression 'email:ann@example.test'.\n"]);
    expect((await system.cli('suppressions', 'list', '--channel', 'email')).stdout.split('\n')).toHaveLength(2);
  });

  it.each(['csv', 'ndjson'])('exports %s that imports to the same list', async (format) => {
    const reasons = ['stop', 'bounce', 'manual'];
    const documents = Array.from({ length: 2500 }, (_, i) => ({
      _id: `email:r${String(i).padStart(4, '0')}@example.test`,
      reason: reasons[i % 3],
      created_at: new Date(1e12 + i),
      ...(i % 2 === 0 && { source: `with "quotes", and\nlines ${i}` }),
    }));
    await store.suppressions.collection.insertMany(documents as never);
    const file = join(folder, `list.${format}`);

    expect(await system.cli('suppressions', 'export', file)).toEqual({
      code: 0,
      stdout: `2500 addresses exported to ${file}\n`,
      stderr: '',
    });
    await store.suppressions.deleteMany({});
    expect(await system.cli('suppressions', 'import', file)).toMatchObject({
      code: 0,
      stdout: '2500 rows accepted, 0 refused\n',
    });
    expect(await store.suppressions.find().sort({ _id: 1 }).lean()).toEqual(documents);
    expect((await system.cli('suppressions', 'export', '--format', format)).stdout).toBe(await readFile(file, 'utf8'));
  });

  it('imports addresses of one channel, and names the lines of bad ones', async () => {
    const file = join(folder, 'others.csv');
    await writeFile(file, 'address\nann@example.test\nnobody\nbob@example.test\n');
    const { code, stdout } = await system.cli('suppressions', 'import', file, '--channel', 'email');

    expect([code, stdout.split('\n')]).toEqual([
      1,
      [expect.stringContaining(`${file}:3: $.address: Expected`), '2 rows accepted, 1 refused', ''],
    ]);
    expect(await store.suppressions.findById('email:bob@example.test').lean()).toMatchObject({ reason: 'import' });
  });

  it('leaves no half of a list behind where it cannot write', async () => {
    const { code, stderr } = await system.cli('suppressions', 'export', join(folder, 'nowhere', 'list.csv'));

    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be written: ENOENT')]);
    const away = await runCli(['suppressions', 'export', join(folder, 'away.csv')], {
      CAMPAIGN_API_URL: 'http://127.0.0.1:1',
      CAMPAIGN_API_KEY: 'k',
    });
    expect(away.code).toBe(1);
    expect((await readdir(folder)).filter((name) => /away|part/.test(name))).toEqual([]);
  });
});

describe('campaign messages', () => {
  const keyOf = (recipient: string) => `c/${recipient}/hello/1/0/0`;

  it('lists what is unknown of all campaigns, and takes an operator’s word on each', async () => {
    await store.messages.updateMany({}, { $set: { status: 'unknown' } });
    const listed = await system.cli('messages', 'list');
    expect(listed.stdout.split('\n').map((line) => line.split('\t').slice(0, 3))).toEqual([
      ...['ada', 'bob', 'cleo'].map((name) => [keyOf(name), 'unknown', `${name}@example.test`]),
      [''],
    ]);

    const resent = await system.cli('messages', 'resend', keyOf('ada'), '--note', 'not in the log of the provider');
    expect(resent).toEqual({
      code: 0,
      stdout: `${keyOf('ada')} is abandoned, sent again as ${keyOf('ada')}/r1.\n`,
      stderr: '',
    });
    await until(async () => (await store.messages.findById(`${keyOf('ada')}/r1`).lean())?.status === 'sent', {
      describe: 'the message was sent again',
    });
    expect((await system.cli('messages', 'confirm', keyOf('bob'))).stdout).toBe(`${keyOf('bob')} is sent.\n`);

    const mixed = await system.cli('messages', 'abandon', keyOf('bob'), keyOf('cleo'), 'c/nobody/hello/1/0/0');
    expect([mixed.code, mixed.stdout]).toEqual([1, `${keyOf('cleo')} is abandoned.\n`]);
    expect(mixed.stderr).toMatch(/is sent; only an unknown one[\s\S]*There is no message/);

    expect((await system.cli('messages', 'list')).stdout).toBe('');
    expect((await system.cli('messages', 'list', 'c', '--status', 'all')).stdout.trimEnd().split('\n')).toHaveLength(4);
    const audited = await store.auditLog.find({ action: /^message\./ }).lean();
    expect(audited.map(({ action, target }) => [action, target])).toEqual([
      ['message.resend', keyOf('ada')],
      ['message.confirm', keyOf('bob')],
      ['message.abandon', keyOf('cleo')],
    ]);
  });

  it('resolves what the list is piped into it', async () => {
    await store.messages.updateMany({ conversation_id: 'c/bob' }, { $set: { status: 'unknown' } });
    const { stdout } = await system.cli('messages', 'list', 'c');
    const { code, stdout: said } = await system.cliWithInput(stdout, 'messages', 'confirm', '-');

    expect([code, said]).toEqual([0, `${keyOf('bob')} is sent.\n`]);
    const nothing = await system.cliWithInput('', 'messages', 'confirm', '-');
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringMatching(/^Standard input is empty\.\nHint: /)]);
  });
});

describe('campaign channels', () => {
  afterEach(() => store.channels.deleteMany({}));

  it('lists, pauses and resumes; the doctor and the status tell of a pause', async () => {
    expect((await system.cli('channels')).stdout).toBe('email is active.\nwebhook is active.\nlog is active.\n');

    const paused = await system.cli('channels', 'pause', 'log', '--reason', 'a move');
    expect(paused).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^log is paused since \S+ by \S+: a move\.\n$/),
    });
    expect((await system.cli('channels', 'pause', 'log')).code).toBe(1);
    const { code, stdout } = await runCli(['doctor'], system.env);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/wrong {2}Channels: log is paused since .*\(a move\)\n.*campaign channels resume log/),
    ]);
    expect((await system.cli('status', 'c')).stdout).toMatch(/log is paused since \S+ by \S+: a move\./);

    const resumed = await system.cli('channels', 'resume', 'log', '--json');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ channel: { name: 'log', status: 'active' } });
    expect((await system.cli('status', 'c')).stdout).not.toContain('is paused');
  });
});

describe('campaign retry', () => {
  const people = Array.from({ length: 230 }, (_, i) => `r${String(i).padStart(3, '0')}`);
  const blocked = () => store.conversations.countDocuments({ campaign_id: 'plans', status: 'blocked' });
  const becomes = (count: number) =>
    until(async () => (await blocked()) === count, { describe: `${count} conversations are blocked` });
  const sent = (stage: string) =>
    store.messages.countDocuments({ campaign_id: 'plans', _id: new RegExp(`/${stage}/`), status: 'sent' });

  beforeAll(async () => {
    const hello = { messages: [{ template: 'Hello.' }], progression_rules: WAITING };
    const plan = { messages: [{ template: 'Your plan is {{recipient.plan}}.' }], progression_rules: WAITING };
    await system.post('/v1/templates', { _id: 'plan', name: 'Plan', type: 'support', stages: { hello, plan } });
    await system.post(
      '/v1/recipients',
      people.map((_id) => ({ _id, plan: 'gold' })),
    );
    const more = { template_id: 'plan', channel: 'log', recipients: people };
    await system.post('/v1/campaigns', { _id: 'plans', name: 'Plans', ...more });
    await system.post('/v1/campaigns/plans/launch', {});
    await until(async () => (await sent('hello')) === people.length, { describe: 'everybody has the first message' });
    await store.recipients.collection.updateMany({ _id: { $in: people as never[] } }, { $unset: { plan: 1 } });
    const reply = { campaign_id: 'plans', text: 'Which plan have I?' };
    await Promise.all(people.map((recipient_id) => system.post('/v1/responses', { ...reply, recipient_id })));
    await becomes(people.length);
  }, 120_000);

  it('releases one conversation, and all of a campaign over several pages, when the cause has been mended', async () => {
    const mended = people.slice(0, 228) as never[];
    await store.recipients.collection.updateMany({ _id: { $in: mended } }, { $set: { plan: 'gold' } });

    expect(await system.cli('retry', 'plans/r001')).toEqual({
      code: 0,
      stdout: '1 blocked conversation was released in plans/r001.\n',
      stderr: '',
    });
    await becomes(229);
    expect(await system.cli('retry', 'plans/r001')).toMatchObject({
      code: 0,
      stdout: 'In plans/r001, nothing is blocked.\n',
    });

    expect(await system.cli('retry', 'plans')).toEqual({
      code: 0,
      stdout: '229 blocked conversations were released in plans.\n',
      stderr: '',
    });
    await until(async () => (await sent('plan')) === 228, {
      describe: 'everybody whose value is there has the message',
    });
    await becomes(2); // still without a value, they are blocked again
    expect(await store.auditLog.countDocuments({ action: 'conversation.retry', target: /^plans/ })).toBe(230);
  }, 180_000);

  it('says so where nothing is blocked', async () => {
    expect(await system.cli('retry', 'c')).toEqual({ code: 0, stdout: 'In c, nothing is blocked.\n', stderr: '' });
  });

  it.each([
    ['nowhere', 'campaign'],
    ['c/nobody', 'conversation'],
  ])('refuses %s, a %s that there is not', async (target, kind) => {
    const { code, stdout, stderr } = await system.cli('retry', target);

    expect([code, stdout, stderr.split('\n')]).toEqual([
      1,
      '',
      [`Not found: There is no ${kind} '${target}'.`, expect.stringMatching(/^Hint: give the `_id`/), ''],
    ]);
  });
});
