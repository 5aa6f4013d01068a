import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  campaignProgress,
  connectStore,
  loadCampaign,
  migrate,
  pauseChannel,
  resumeChannel,
  type Store,
} from '@campaign-manager/core/store';
import { freePort } from '@campaign-manager/local-stack';
import { METRIC_PREFIX, METRICS, type MetricDefinition } from '@campaign-manager/runtime';
import {
  type Api,
  createTestSystem,
  dropDatabase,
  type RunningProcess,
  startTcpProxy,
  type TcpProxy,
  type TestSystem,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';
import { dashboards, rules } from './support/monitoring.js';
import { type Family, parseExposition, type Sample } from './support/parse-exposition.js';
import { readPromql } from './support/promql.js';

const MEMBERS = 40;
/** An hour of the template is 1.5 s. */
const FACTOR = 1.5 / 3600;

const template: CampaignTemplate = {
  _id: 'sales',
  name: 'Sales',
  type: 'sales',
  stages: {
    awareness: {
      messages: [{ template: 'Hello {{recipient.first_name}}.' }],
      progression_rules: {
        response_required: true,
        max_stage_duration_hours: 2,
        auto_advance_after_max_duration: true,
        escalation_after_hours: 1,
        escalation_action: 'notify_manager',
      },
    },
    consideration: { messages: [{ template: 'More, {{recipient.first_name}}.' }] },
  },
};
const recipients = Array.from({ length: MEMBERS }, (_, i) => ({ _id: `p${i}`, first_name: `P ${i}`, phone: `+1${i}` }));

type App = 'scheduler' | 'worker' | 'api';

const database = testDatabaseName('metrics');
const pages = {} as Record<App, readonly Family[]>;
let store: Store;
let system: TestSystem;
let api: Api;
let scheduler: RunningProcess;
let worker: RunningProcess;

beforeAll(async () => {
  store = await connectStore({ uri: testMongoUri(), database, poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
  await migrate(store);
  system = createTestSystem({
    mongodbUri: testMongoUri(),
    database,
    redisUrl: testRedisUrl(),
    redisPrefix: testRedisPrefix('metrics'),
  });
  const ports = { scheduler: await freePort(), worker: await freePort() };
  scheduler = system.spawn('scheduler', 'scheduler', { METRICS_PORT: String(ports.scheduler) });
  worker = system.spawn('worker', 'worker', { METRICS_PORT: String(ports.worker), WORKER_THREADS: '2' });
  api = await system.startApi();
  await until(() => isReady(ports.worker), { timeoutMs: 90_000, describe: 'every worker process to take jobs' });
  await until(() => isReady(ports.scheduler), { timeoutMs: 90_000, describe: 'the scheduler to poll' });
  await runOneCampaign();
  pages.scheduler = await scrape(ports.scheduler);
  pages.worker = await scrape(ports.worker);
  pages.api = await scrape(await metricsPortOf(api.process));
}, 300_000);

afterAll(async () => {
  await Promise.all([scheduler?.stop(), worker?.stop(), api?.process.stop()]);
  await store?.close();
  await dropDatabase(database);
}, 60_000);

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );

async function metricsPortOf(process: RunningProcess): Promise<number> {
  return (JSON.parse(await process.waitForLine(/Health and metrics are served/)) as { port: number }).port;
}

/** As the user's document has Prometheus do it: `metrics_path: '/metrics'` on METRICS_PORT. */
async function scrape(port: number): Promise<readonly Family[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return parseExposition(await answer.text());
}

/** Everybody is written to; all but one reply; one reply belongs to nobody. */
async function runOneCampaign(): Promise<void> {
  await launch(store, template, draftCampaign('spring', template, { channel: 'log' }), recipients, FACTOR);
  await until(
    async () => (await campaignProgress(store, 'spring', new Date())).messages.by_status['sent'] === MEMBERS,
    {
      timeoutMs: 60_000,
      describe: 'everybody to have the first message',
    },
  );
  for (const { _id } of recipients.slice(1)) {
    await api.call('POST', '/v1/responses', { campaign_id: 'spring', recipient_id: _id, text: 'Tell me more.' });
  }
  await api.call('POST', '/v1/responses', { campaign_id: 'spring', recipient_id: 'nobody', text: 'Who is this?' });
  await until(async () => (await loadCampaign(store, 'spring')).status === 'completed', {
    timeoutMs: 90_000,
    describe: 'the campaign to be completed',
  });
}

function samplesOf(app: App, name: string): readonly Sample[] {
  return pages[app].flatMap(({ samples }) => samples.filter((sample) => sample.name === name));
}

function figureOf(app: App, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const entries = Object.entries(labels);
  return samplesOf(app, name).find((sample) => entries.every(([label, value]) => sample.labels[label] === value))
    ?.value;
}

const sum = (app: App, name: string) => samplesOf(app, name).reduce((total, { value }) => total + value, 0);

describe('what Prometheus reads from the apps', () => {
  it.each(['scheduler', 'worker', 'api'] as const)('has a type and a text for every metric of the %s', (app) => {
    expect(pages[app].length).toBeGreaterThan(30);
    expect(pages[app].filter(({ type, help }) => type === 'unknown' || help === '')).toEqual([]);
  });

  it("has the four metrics of the user's document, with their types, texts and labels", () => {
    const documented = pages.worker
      .filter(({ name }) => /^communication_(conversations_(initialized|completed)|stages?_)/.test(name))
      .map(({ name, type, help, samples }) => [name, type, help, Object.keys(samples[0]?.labels ?? {}).sort()]);
    expect(documented).toEqual([
      ['communication_conversations_initialized', 'counter', 'Number of conversations initialized', ['campaign_type']],
      [
        'communication_stages_advanced',
        'counter',
        'Number of conversation stages advanced',
        ['campaign_type', 'from_stage', 'to_stage'],
      ],
      [
        'communication_conversations_completed',
        'counter',
        'Number of conversations completed',
        ['campaign_type', 'result'],
      ],
      [
        'communication_stage_duration_seconds',
        'histogram',
        'Time spent in each stage',
        ['campaign_type', 'le', 'stage'],
      ],
    ]);
  });

  it('counts what happened, over both processes of the worker', async () => {
    const type = { campaign_type: 'sales' };
    expect(figureOf('worker', 'communication_conversations_initialized', type)).toBe(MEMBERS);
    expect(
      figureOf('worker', 'communication_stages_advanced', { from_stage: 'awareness', to_stage: 'consideration' }),
    ).toBe(MEMBERS);
    expect(figureOf('worker', 'communication_conversations_completed', { ...type, result: 'success' })).toBe(MEMBERS);
    expect(figureOf('worker', 'communication_stage_duration_seconds_count', { stage: 'awareness' })).toBe(MEMBERS);
    expect(figureOf('worker', 'communication_messages_total', { channel: 'log', outcome: 'sent' })).toBe(2 * MEMBERS);
    expect(sum('worker', 'communication_due_lag_seconds_count')).toBeGreaterThanOrEqual(MEMBERS);
    expect(sum('worker', 'communication_batch_size_sum')).toBeGreaterThanOrEqual(MEMBERS);
    expect(sum('worker', 'communication_gate_to_wire_seconds_count')).toBe(2 * MEMBERS);
  });

  it('begins at 0 what must not happen: jobs that fail, by queue, and messages that leave late', () => {
    const queues = new Set(samplesOf('scheduler', 'communication_queue_jobs').map(({ labels }) => labels['queue']));
    const failed = samplesOf('worker', 'communication_jobs_failed_total');
    expect(failed.map(({ labels, value }) => [labels['queue'], value])).toEqual([...queues].map((queue) => [queue, 0]));
    expect(figureOf('worker', 'communication_gate_to_wire_late_total', { channel: 'email' })).toBe(0);
  });

  it('counts replies by what became of them', () => {
    expect(figureOf('api', 'communication_responses_total', { status: 'received' })).toBe(MEMBERS);
    expect(figureOf('api', 'communication_responses_total', { status: 'unmatched' })).toBe(1);
    expect(figureOf('worker', 'communication_responses_total', { status: 'applied' })).toBe(MEMBERS - 1);
  });

  it('has requests by the pattern of their route, never by their path', () => {
    const routes = samplesOf('api', 'communication_http_request_seconds_count').map(({ labels }) => labels);
    expect(routes).toEqual([{ method: 'POST', route: '/v1/responses', status: '202' }]);
  });

  it.each(['scheduler', 'worker', 'api'] as const)('has how long MongoDB and Redis take for the %s', (app) => {
    const finds = figureOf(app, 'communication_mongodb_operation_seconds_count', { command: 'find' }) ?? 0;
    const inserts = figureOf(app, 'communication_mongodb_operation_seconds_count', { command: 'insert' }) ?? 0;
    expect(finds + inserts).toBeGreaterThan(0);
    expect(sum(app, 'communication_redis_operation_seconds_count')).toBeGreaterThan(0);
    expect(figureOf(app, 'communication_store_errors_total', { store: 'mongodb' })).toBe(0);
  });

  it('has the state of the whole system, from the scheduler alone', () => {
    const campaigns = samplesOf('scheduler', 'communication_campaigns').map(({ labels, value }) => [
      labels['status'],
      value,
    ]);
    expect(Object.fromEntries(campaigns)).toEqual({
      draft: 0,
      scheduled: 0,
      running: 0,
      paused: 0,
      completed: 1,
      cancelled: 0,
    });
    expect(samplesOf('scheduler', 'communication_queue_jobs')).toHaveLength(16);
    expect(figureOf('scheduler', 'communication_oldest_due_seconds')).toBe(0);
    expect(figureOf('scheduler', 'communication_horizon_conversations')).toBe(0);
    expect(figureOf('scheduler', 'communication_escalations_open')).toBe(0);
    expect(figureOf('scheduler', 'communication_messages_unknown')).toBe(0);
    expect(figureOf('scheduler', 'communication_conversations_blocked')).toBe(0);
    const paused = samplesOf('scheduler', 'communication_channel_paused').map(({ labels, value }) => [
      labels['channel'],
      value,
    ]);
    expect(Object.fromEntries(paused)).toEqual({ email: 0, webhook: 0, log: 0 });
    for (const app of ['worker', 'api'] as const) {
      expect(figureOf(app, 'communication_escalations_open')).toBeUndefined();
      expect(samplesOf(app, 'communication_campaigns')).toEqual([]);
    }
  });

  it('tells processes and readiness, and of two worker processes the sum and the least', () => {
    expect(samplesOf('worker', 'communication_processes').map(({ value }) => value)).toEqual([2]);
    expect(samplesOf('scheduler', 'communication_processes').map(({ value }) => value)).toEqual([1]);
    const expected = (['scheduler', 'worker', 'api'] as const).map((app) =>
      samplesOf(app, 'communication_processes_expected').map(({ value }) => value),
    );
    expect(expected).toEqual([[1], [2], [1]]);
    for (const app of ['scheduler', 'worker', 'api'] as const) {
      const checks = samplesOf(app, 'communication_ready').map(({ labels, value }) => [labels['check'], value]);
      expect(Object.fromEntries(checks)).toEqual({ mongodb: 1, schema: 1, redis: 1, clock: 1 });
    }
  });

  it('has the event-loop lag of the processes as one figure each, and their memory as a sum', () => {
    expect(samplesOf('worker', 'nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
    expect(figureOf('worker', 'nodejs_eventloop_lag_max_seconds')).toBeLessThan(60);
    expect(figureOf('worker', 'process_resident_memory_bytes')).toBeGreaterThan(
      figureOf('scheduler', 'process_resident_memory_bytes') ?? Number.NaN,
    );
  });

  it.each(Object.values(METRICS) as readonly MetricDefinition[])(
    'communication_$name is exported where the page of metrics says so',
    ({ name, apps }) => {
      const shown = `${METRIC_PREFIX}${name}`.replace(/_total$/, '');
      for (const app of apps) expect(pages[app].map((family) => family.name)).toContain(shown);
    },
  );
});

describe('a scrape of the scheduler', () => {
  let toMongo: TcpProxy;
  let toRedis: TcpProxy;
  let cutOff: RunningProcess;
  let port: number;

  beforeAll(async () => {
    toMongo = await startTcpProxy(testMongoUri());
    toRedis = await startTcpProxy(testRedisUrl());
    cutOff = system.spawn('scheduler', 'cut-off', {
      MONGODB_URI: toMongo.uri,
      REDIS_URL: toRedis.uri,
    });
    port = await metricsPortOf(cutOff);
    await cutOff.waitForLine(/The scheduler polls/);
  }, 90_000);

  afterAll(async () => {
    await cutOff?.stop();
    await Promise.all([toMongo?.close(), toRedis?.close()]);
  }, 60_000);

  const shown = async () => {
    const families = await scrape(port);
    const has = (name: string) => families.some(({ samples }) => samples.some((sample) => sample.name === name));
    return { due: has('communication_oldest_due_seconds'), jobs: has('communication_queue_jobs') };
  };
  const becomes = (wanted: { readonly due: boolean; readonly jobs: boolean }) =>
    until(async () => JSON.stringify(await shown()) === JSON.stringify(wanted), {
      timeoutMs: 60_000,
      describe: `the figures to be ${JSON.stringify(wanted)}`,
    });

  it('tells of a channel that was paused and resumed while nobody sends', async () => {
    const showsPaused = (wanted: number) =>
      until(
        async () => {
          const [channel] = (await scrape(port)).filter(({ name }) => name === 'communication_channel_paused');
          return channel?.samples.some(({ labels, value }) => labels['channel'] === 'webhook' && value === wanted);
        },
        { timeoutMs: 30_000, describe: `communication_channel_paused of webhook to be ${wanted}` },
      );
    await showsPaused(0);
    await pauseChannel(store, 'webhook', { by: 'test', now: Date.now() });
    await showsPaused(1);
    await resumeChannel(store, 'webhook', { by: 'test', now: Date.now() });
    await showsPaused(0);
  }, 100_000);

  it('is answered while MongoDB or Redis is away or silent; what cannot be read is absent, and comes back', async () => {
    await becomes({ due: true, jobs: true });
    toMongo.refuse();
    await becomes({ due: false, jobs: true });
    toMongo.pass();
    await becomes({ due: true, jobs: true });
    toMongo.hold();
    await becomes({ due: false, jobs: true });
    toMongo.pass();
    await becomes({ due: true, jobs: true });
    toRedis.refuse();
    await becomes({ due: true, jobs: false });
    toRedis.pass();
    await becomes({ due: true, jobs: true });
  }, 240_000);
});

/** Grafana puts the chosen data source in its place. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the variable is Grafana's
const VARIABLE = '${datasource}';
/** They come from Prometheus itself; the namespace only in Kubernetes. */
const ADDED = ['job', 'instance', 'namespace'];
const WELL_KNOWN = new Map([['up', []]]);

/** The labels of every series there is: as scraped, as the catalogue has it where nothing happened, as recorded. */
function knownLabels(): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>([...WELL_KNOWN].map(([name, labels]) => [name, new Set(labels)]));
  const add = (name: string, labels: readonly string[]) => {
    const all = known.get(name) ?? new Set();
    for (const label of [...labels, ...ADDED]) all.add(label);
    known.set(name, all);
  };
  for (const family of Object.values(pages).flat()) {
    for (const { name, labels } of family.samples) add(name, Object.keys(labels));
  }
  for (const definition of Object.values(METRICS) as readonly MetricDefinition[]) {
    const name = `${METRIC_PREFIX}${definition.name}`;
    const isExported = definition.apps.every((app) =>
      pages[app].some((family) => family.name === name.replace(/_total$/, '')),
    );
    if (!isExported) continue;
    if (definition.kind !== 'histogram') add(name, definition.labels);
    else for (const part of ['_bucket', '_count', '_sum']) add(`${name}${part}`, [...definition.labels, 'le']);
  }
  for (const { record, labels = {}, expr } of rules()) {
    if (record === undefined) continue;
    const source = readPromql(expr).selected.flatMap(({ metric }) => [...(known.get(metric) ?? [])]);
    add(record, [...source, ...Object.keys(labels)]);
  }
  return known;
}

/** What is wrong with an expression: series and labels that do not exist. */
function faultsOf(expr: string, known: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const { selected, grouped } = readPromql(expr);
  const of = (metric: string) => known.get(metric) ?? new Set();
  const missing = selected.filter(({ metric }) => !known.has(metric)).map(({ metric }) => metric);
  const strange = selected.flatMap(({ metric, labels }) =>
    labels.filter((label) => known.has(metric) && !of(metric).has(label)).map((label) => `${metric}{${label}}`),
  );
  const anyLabel = new Set(selected.flatMap(({ metric }) => [...of(metric)]));
  return [...missing, ...strange, ...grouped.filter((label) => !anyLabel.has(label)).map((label) => `by (${label})`)];
}

const expressions = [
  ...rules().map(({ record, alert = record, expr }) => [`rule ${alert}`, expr] as const),
  ...dashboards().flatMap(([file, { panels }]) =>
    panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`${file}: ${title}`, expr] as const)),
  ),
];

describe('rules and dashboards', () => {
  it('there are some of each', () => {
    expect(rules().filter(({ alert }) => alert !== undefined).length).toBeGreaterThan(20);
    expect(dashboards().map(([file]) => file)).toEqual([
      'campaigns.json',
      'delivery.json',
      'queues-and-workers.json',
      'stores.json',
    ]);
  });

  it.each(expressions)('%s asks for what is exported', (_, expr) => {
    expect(faultsOf(expr, knownLabels())).toEqual([]);
  });

  it.each(dashboards())('%s asks for the chosen namespaces alone, wherever it asks', (_, { panels }) => {
    const selected = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => readPromql(expr).selected));
    expect(selected.length).toBeGreaterThan(10);
    expect(selected.filter(({ matchers }) => !matchers.includes('namespace=~"$namespace"'))).toEqual([]);
  });

  it.each([
    ['communication_messages_totl', ['communication_messages_totl']],
    ['sum by (chanel) (communication_messages_total)', ['by (chanel)']],
    ['communication_messages_total{result="sent"}', ['communication_messages_total{result}']],
    ['communication_stage_duration_seconds{le="86400"}', ['communication_stage_duration_seconds{le}']],
  ])('a mistake such as %s is found', (expr, faults) => {
    const known = new Map(knownLabels());
    known.set('communication_stage_duration_seconds', new Set(['bucket', 'stage']));
    expect(faultsOf(expr, known)).toEqual(faults);
  });

  it('what Prometheus could not read is refused', () => {
    expect(() => readPromql('sum(rate(communication_messages_total[5m])')).toThrow('At ');
  });

  it.each(rules().filter(({ alert }) => alert !== undefined))(
    '$alert waits before it fires, and says how bad it is, what it means and where the answer stands',
    ({ alert = '', for: wait, labels, annotations }) => {
      expect(alert).toMatch(/^CampaignManager[A-Z]/);
      expect(wait).toMatch(/^\d+[smh]$/);
      expect(['warning', 'critical']).toContain(labels?.['severity']);
      expect(annotations).toEqual({
        summary: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\.$/),
        runbook_url: `docs/operations.md#${alert.toLowerCase()}`,
      });
    },
  );

  it.each(dashboards())('%s lets its reader choose the source, and explains every panel', (file, dashboard) => {
    const name = file.replace('.json', '');
    expect(dashboard.uid).toBe(`campaign-manager-${name}`);
    expect(dashboard.title).toMatch(/^Campaign Manager \/ /);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(dashboard.templating.list).toEqual([
      expect.objectContaining({ name: 'datasource', type: 'datasource' }),
      expect.objectContaining({ name: 'namespace', type: 'query', multi: true, includeAll: true, allValue: '.*' }),
    ]);
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    for (const { title, description, datasource } of panels) {
      expect([title, description, datasource]).toEqual([
        expect.stringMatching(/\S/),
        expect.stringMatching(/\.$/),
        { type: 'prometheus', uid: VARIABLE },
      ]);
    }
  });
});
