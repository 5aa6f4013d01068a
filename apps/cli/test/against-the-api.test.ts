import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore } from '@campaign-manager/core/store';
import { testDatabaseName, testMongoUri, testRedisUrl, until } from '@campaign-manager/testkit';
import { runCli } from './support/run-cli.js';
import { startTestSystem, type TestSystem } from './support/system.js';

const template = {
  _id: 'greeting',
  name: 'Greeting',
  type: 'support',
  stages: {
    hello: {
      messages: [{ template: 'Hello {{recipient.first_name}}, about {{ticket.id}}: is it solved?' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 100 },
    },
    goodbye: {
      messages: [{ template: 'Goodbye.', timing: { delay_hours: 1 } }],
      progression_rules: { response_required: true, max_stage_duration_hours: 50 },
    },
  },
  completion_conditions: { specific_response_received: 'done' },
};

let system: TestSystem;
let folder: string;
beforeAll(async () => {
  system = await startTestSystem('cli');
  folder = await mkdtemp(join(tmpdir(), 'campaign-cli-'));
  await system.post('/v1/templates', template);
}, 60_000);
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('a campaign from the command line', () => {
  it('is imported, launched, watched, answered, explained, paused, resumed and cancelled', async () => {
    await system.post('/v1/campaigns', { _id: 'c', name: 'The campaign', template_id: 'greeting', channel: 'log' });
    const people = await file(
      'people.csv',
      '_id,first_name,email\nada,Ada,ada@example.test\nbob,Bob,bob@example.test\n',
    );
    expect(await system.cli('import', 'recipients', people)).toMatchObject({
      code: 0,
      stdout: '2 rows accepted, 0 refused\n',
    });
    const members = await file('tickets.ndjson', '{"recipient_id":"ada","context":{"ticket.id":"T-1"}}\n');
    expect(await system.cli('import', 'audience', 'c', members)).toMatchObject({ code: 0 });
    const more = await file('tickets.csv', 'recipient_id,ticket.id\nbob,T-2\nnobody,T-3\n');
    const refused = await system.cli('import', 'audience', 'c', more);
    expect([refused.code, refused.stdout]).toEqual([
      1,
      `${more}:3: $.recipient_id: There is no recipient \`nobody\`.\n1 rows accepted, 1 refused\n`,
    ]);

    expect(await system.cli('launch', 'c')).toEqual({ code: 0, stdout: 'Campaign c is running.\n', stderr: '' });
    await until(async () => (await statusOf('c')).messages.by_status['sent'] === 2, {
      describe: 'both got their message',
    });
    expect((await system.cli('status', 'c')).stdout).toMatch(
      /^The campaign: running, 2 conversations\n {2}hello +█{40} 2\n {2}goodbye +·{40} 0\n/,
    );

    const reply = await system.cli('respond', 'c/ada', '--text', 'Yes', '--data', '{"rating":5}', '--id', 'r1');
    expect([reply.code, reply.stdout]).toEqual([0, 'Reply r1 is queued.\n']);
    await until(async () => (await statusOf('c')).by_stage['goodbye'] === 1, { describe: 'Ada went on' });
    const explained = await system.cli('explain', 'c/ada');
    expect([explained.code, explained.stderr]).toEqual([0, '']);
    expect(explained.stdout).toContain('c/ada');
    expect(explained.stdout).toContain('goodbye');
    expect(JSON.parse((await system.cli('explain', 'c/ada', '--json')).stdout)).toMatchObject({
      conversation_id: 'c/ada',
      stage: 'goodbye',
    });

    expect((await system.cli('pause', 'c')).stdout).toBe('Campaign c is paused.\n');
    expect((await system.cli('resume', 'c')).stdout).toBe('Campaign c is running.\n');
    expect(JSON.parse((await system.cli('cancel', 'c', '--json')).stdout)).toMatchObject({
      campaign: { status: 'cancelled' },
    });
    const watched = await system.cli('status', 'c', '--watch', '--json');
    const last = watched.stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ status: 'cancelled', by_result: { cancelled: 2 } });
  }, 180_000);

  async function statusOf(id: string) {
    return JSON.parse((await system.cli('status', id, '--json')).stdout);
  }
});

describe('an import', () => {
  it('keeps the good rows, names the line of each bad one, and exits with 1', async () => {
    const rows = ['_id,first_name', 'x1,"two', 'lines"', 'not an id,Eve', 'x2,Dan,more', 'x3,Cleo'];
    const path = await file('mixed.csv', rows.join('\n'));
    const { code, stdout } = await system.cli('import', 'recipients', path);

    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringContaining(`${path}:4: $._id: Expected`),
      expect.stringContaining(`${path}:5: $: Expected 2 cells`),
      '2 rows accepted, 2 refused',
      '',
    ]);
  });

  it('streams more than fits into one piece', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `{"_id":"many_${i}","note":"${'x'.repeat(100)}"}`);
    lines[12_345] = '{"_id":';
    const path = await file('many.ndjson', lines.join('\n'));
    const { code, stdout } = await system.cli('import', 'recipients', path);

    expect(code).toBe(1);
    expect(stdout).toBe(`${path}:12346: $: The line is not valid JSON.\n19999 rows accepted, 1 refused\n`);
  });

  it('keeps what came before a file turns out to be no CSV', async () => {
    const path = await file('torn.csv', '_id,first_name\nt1,Tim\nt2,"open');
    const { code, stdout, stderr } = await system.cli('import', 'recipients', path);

    expect([code, stdout]).toEqual([1, '1 rows accepted, 0 refused\n']);
    expect(stderr).toContain(`${path}:3: this is not valid CSV`);
  });
});

describe('what goes wrong against the api', () => {
  it.each<[string, string[], RegExp]>([
    ['a campaign that is not there', ['launch', 'nobody'], /^Not found: There is no campaign 'nobody'\.\n$/],
    ['an import into one', ['import', 'audience', 'nobody', 'README.md', '--format', 'ndjson'], /^Not found: /],
    ['a conversation that is not there', ['respond', 'c/nobody'], /unmatched .*\nHint: /],
    ['an id that is none', ['status', 'no id'], /^The request is not valid: .*\n {2}\$\.id: /],
    ['a file that is not there', ['import', 'recipients', 'nowhere.csv'], /^nowhere\.csv cannot be read/],
    ['data that is no object', ['respond', 'c/ada', '--data', '5'], /It must be a JSON object/],
    ['an address that is none', ['status', 'c', '--api', 'localhost:3000'], /must begin with http/],
    ['an api that does not answer', ['status', 'c', '--api', 'http://127.0.0.1:1'], /cannot be reached: .*\nHint: /],
  ])('is told in a line: %s', async (_what, args, message) => {
    const { code, stderr } = await system.cli(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('is told of a wrong key, and of something else than our api', async () => {
    const url = system.url;
    const wrong = await runCli(['status', 'c'], { CAMPAIGN_API_URL: url, CAMPAIGN_API_KEY: 'wrong' });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/API key.*\nHint: set CAMPAIGN_API_KEY/)]);

    const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await until(() => other.listening, { describe: 'it listens' });
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runCli(['status', 'c', '--api', `http://127.0.0.1:${port}`], {
      CAMPAIGN_API_KEY: 'k',
    });
    other.close();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is not the api of Campaign Manager/)]);
  });
});

describe('campaign doctor', () => {
  it('finds a system well', async () => {
    const { code, stdout } = await runCli(['doctor'], system.env);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^(?:ok {5}.*\n){9}$/)]);
    expect(stdout).toMatch(/MongoDB \d+\.\d+[\s\S]*all are there[\s\S]*Clock: \d+ ms[\s\S]*noeviction/);
  });

  it('tells of indexes that are missing, and makes nothing itself', async () => {
    const database = testDatabaseName('doctor');
    const { code, stdout } = await runCli(['doctor'], { ...system.env, MONGODB_DATABASE: database });
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/wrong {2}Indexes of .* are missing \(.*\n {7}to mend it: /),
    ]);

    const options = { uri: testMongoUri(), database: 'admin', poolSize: 1, maxIdleMs: 0, appName: 'test' };
    const store = await connectStore(options);
    const { databases } = await store.connection.getClient().db('admin').admin().listDatabases();
    await store.close();
    expect(databases.map(({ name }) => name)).not.toContain(database);
  });

  it('tells how to mend what is away or set wrongly', async () => {
    const away = {
      MONGODB_URI: 'mongodb://127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
      SMTP_URL: 'smtp://127.0.0.1:1',
    };
    const { code, stdout } = await runCli(['doctor', '--json'], away);
    const wrong = (JSON.parse(stdout) as { ok: boolean; what: string }[]).filter(({ ok }) => !ok);
    expect([code, wrong.map(({ what }) => what)]).toEqual([1, ['MongoDB', 'Redis', 'Mail server']]);

    const faulty = await runCli(['doctor'], { REDIS_URL: testRedisUrl(), API_PORT: 'x' });
    expect([faulty.code, faulty.stdout]).toEqual([1, expect.stringMatching(/wrong {2}Configuration: API_PORT/)]);
  });
});
