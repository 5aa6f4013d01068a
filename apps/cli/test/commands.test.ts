import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMA_VERSION } from '@campaign-manager/core/store';
import { ROOT, runCli } from './support/run-cli.js';

const SALES = 'examples/templates/sales-outreach.json';
const MODEL = 'examples/response-models/sales.json';
const STACK = /\n\s+at /;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campaign-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return path;
}

async function example(path: string) {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8'));
}

const YAML = `_id: t
name: T
type: sales
stages:
  hello:
    mesages: []
    messages: [{ template: Hi }]
`;

it('campaign --version tells the version that a chart or image of it names, and the schema of its database', async () => {
  const { version } = await example('package.json');
  const chart = await readFile(join(ROOT, 'helm/campaign-manager/Chart.yaml'), 'utf8');

  expect((await runCli(['--version'])).stdout).toBe(`${version} (schema ${SCHEMA_VERSION})\n`);
  expect(chart).toContain(`appVersion: "${version}"`);
});

describe('campaign validate', () => {
  it('has no objection to the examples', async () => {
    const scenarios = ['examples/scenarios/sales.json', 'examples/scenarios/support.json'];
    const { code, stdout } = await runCli([
      'validate',
      SALES,
      MODEL,
      'examples/campaigns/sales-spring.json',
      ...scenarios,
    ]);
    expect([code, stdout]).toEqual([
      0,
      '5 files (template, response-model, campaign, scenario, scenario): 0 errors, 0 warnings\n',
    ]);
  });

  it('tells faults by line and column, and exits with 1', async () => {
    const path = await file('faulty.yaml', YAML);
    const { code, stdout, stderr } = await runCli(['validate', path]);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain(`error    ${path}:6:5: $.stages.hello.mesages: The field`);
    expect(stdout).toContain('Did you mean `messages`?');
    expect(stdout).toContain(`note     ${path}: further checks (texts, conditions, stage names) follow`);
    expect(stdout).toContain('1 file (template): 1 error, 0 warnings');
  });

  it('exits with 0 where there are warnings only, as JSON too', async () => {
    const stages = { a: { messages: [], progression_rules: { next_stage: null } }, b: { messages: [] } };
    const path = await file('doubtful.json', { _id: 't', name: 'T', type: 'sales', stages });
    const { code, stdout } = await runCli(['validate', '--json', path]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      errors: 0,
      warnings: 1,
      files: [
        {
          file: path,
          kind: 'template',
          partial: false,
          errors: [],
          warnings: [{ path: '$.stages.b', line: 12, column: 10 }],
        },
      ],
    });
  });

  it('looks at a campaign beside its template', async () => {
    const campaign = { ...(await example('examples/campaigns/sales-spring.json')), initial_stage: 'awarenes' };
    const path = await file('campaign.json', campaign);
    const { code, stdout } = await runCli(['validate', path, SALES]);
    expect(code).toBe(1);
    expect(stdout).toContain('$.initial_stage: The template has no stage `awarenes`. Did you mean `awareness`?');
  });

  it.each([
    ['a file that is not there', ['nowhere.json'], /nowhere\.json cannot be read: there is no such file/],
    ['a kind that it does not know', ['--kind', 'poem', SALES], /--kind/],
    ['no file', [], /missing required argument/],
  ])('ends with one line for %s', async (_what, args, message) => {
    const { code, stderr } = await runCli(['validate', ...args]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(STACK);
  });

  it('asks what a document is that has no field of any kind, and takes the word of --kind', async () => {
    const path = await file('what.json', { name: 'X' });
    expect((await runCli(['validate', path])).stdout).toContain('--kind');
    expect((await runCli(['validate', '--kind', 'template', path])).stdout).toContain('$.stages: The required field');
  });
});

describe('campaign simulate', () => {
  it('prints the events of a scenario as a JSON array', async () => {
    const { code, stdout, stderr } = await runCli([
      'simulate',
      '--scenario',
      'examples/scenarios/sales.json',
      '--json',
    ]);
    const events = JSON.parse(stdout) as { recipient: string; event: string }[];
    expect([code, stderr]).toEqual([0, '']);
    expect(events[0]).toEqual({ at_hours: 0, recipient: 'ada', event: 'entered', stage: 'awareness' });
    expect(events.filter(({ event }) => event === 'completed')).toEqual([
      expect.objectContaining({ recipient: 'cleo', at_hours: 61, result: 'opted_out' }),
      expect.objectContaining({ recipient: 'ada', at_hours: 70, result: 'success' }),
      expect.objectContaining({ recipient: 'bob', at_hours: 222, result: 'failed', reason: 'max_duration' }),
    ]);
  });

  it('tells them recipient by recipient without --json', async () => {
    const { stdout } = await runCli(['simulate', '--scenario', 'examples/scenarios/sales.json']);
    expect(stdout).toMatch(/^ada\n {2}day {3}0 00:00 {2}awareness .*enters the stage\n/);
    expect(stdout).toContain('ends: opted_out (opt_out)');
  });

  it('refuses an invalid scenario with one line for each fault, and prints nothing else', async () => {
    const scenario = await example('examples/scenarios/sales.json');
    scenario.template.stages.awareness.messages[0].timing.delay_hours = -1;
    scenario.campaign.name = 5;
    const path = await file('scenario.json', scenario);
    const { code, stdout, stderr } = await runCli(['simulate', '--scenario', path, '--json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/\$\.template\.stages\.awareness\.messages\[0\]\.timing\.delay_hours: Expected/);
    expect(stderr).toMatch(/\$\.campaign\.name: Expected/);
    expect(stderr).not.toMatch(STACK);
  });

  it('adds figures up, the same for the same seed, with the rate and a page beside them', async () => {
    const page = join(folder, 'report.html');
    const args = ['simulate', '--template', SALES, '--responses', MODEL, '--recipients', '500', '--seed', '7'];
    const first = await runCli([...args, '--json', '--html', page]);
    const again = await runCli([...args, '--json']);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ recipients: 500, seed: 7, stages: [{ entered: 500 }, {}, {}] });
    expect(again.stdout).toBe(first.stdout);
    expect(first.stderr).toMatch(/^Simulated 500 conversations in [\d.]+ s: \d+ conversations per second\n$/);
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/i);
    expect((await runCli(args)).stdout).toMatch(/awareness +500 /);
  });

  it.each([
    ['neither form', [], /Either --scenario is needed/],
    ['both forms', ['--scenario', 'x', '--template', SALES], /--scenario does not go with --template/],
    ['a number that is none', ['--template', SALES, '--responses', MODEL, '--recipients', '1e3'], /whole number/],
    [
      'a model of another template',
      ['--template', 'examples/templates/support-follow-up.json', '--responses', MODEL],
      /\$\.stages\.decision: The template has no stage/,
    ],
  ])('refuses %s in a line', async (_what, args, message) => {
    const { code, stdout, stderr } = await runCli(['simulate', ...args]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(STACK);
  });
});

describe('campaign --help', () => {
  const commands = [
    'demo',
    'up',
    'validate',
    'simulate',
    'launch',
    'pause',
    'resume',
    'cancel',
    'status',
    'respond',
    'explain',
    'channels list',
    'channels pause',
    'channels resume',
    'doctor',
  ];
  it.each([...commands, 'import recipients', 'import audience'])('has examples for %s', async (name) => {
    const { code, stdout } = await runCli([...name.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n[\\s\\S]*campaign ${name}`));
  });
});
