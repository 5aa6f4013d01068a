import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { campaignProgress, connectStore, loadCampaign, migrate, type Store } from '@campaign-manager/core/store';
import { type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';
import { type Api, createTestSystem, type RunningProcess, until } from '@campaign-manager/testkit';
import { draftCampaign, launch } from '../support/campaign.js';
import { alertRules, dashboards, type Rule, rules } from '../support/monitoring.js';
import { asGrafanaAsks } from '../support/promql.js';
import { CACHE } from './support/cache.js';
import { need } from './support/need.js';
import { type Prometheus, type Sample, startPrometheus } from './support/prometheus.js';

const MEMBERS = 10;
/** An hour of the template is a second. */
const FACTOR = 1 / 3600;

const template: CampaignTemplate = {
  _id: 'sales',
  name: 'Sales',
  type: 'sales',
  stages: {
    awareness: {
      messages: [{ template: 'Hello {{recipient.first_name}}.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 500 },
    },
    consideration: { messages: [{ template: 'More, {{recipient.first_name}}.' }] },
  },
};
const recipients = Array.from({ length: MEMBERS }, (_, i) => ({ _id: `p${i}`, first_name: `P ${i}`, phone: `+1${i}` }));

/** Panels that a healthy system leaves empty. Grafana shows "none" where there is one figure. */
const EMPTY: { readonly [panel: string]: string } = {
  'campaigns.json: Inbound mails': 'replies come by HTTP here, and no mail comes in',
  'delivery.json: Failed or unknown': 'nothing was ever rejected or unknown',
  'queues-and-workers.json: Repairs': 'it shows what was repaired, and there was nothing to repair',
  'stores.json: Requests failed': 'no request was ever answered with 5xx',
};

/** They tell how fast the machine is, which is no matter of this test. */
const OF_SPEED = [
  'CampaignManagerDueLagHigh',
  'CampaignManagerAmbiguousWindowLong',
  'CampaignManagerGateToWireSlow',
  'CampaignManagerMongoDBSlow',
  'CampaignManagerRedisSlow',
  'CampaignManagerEventLoopLag',
];
const NOT_OF_SPEED = `alertname!~"${OF_SPEED.join('|')}"`;

const panels = dashboards().flatMap(([file, dashboard]) =>
  dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ panel: `${file}: ${title}`, expr: asGrafanaAsks(expr) })),
  ),
);

const { suite, path } = need('prometheus');

suite('a Prometheus that scrapes a running system', () => {
  let mongo: LocalService;
  let redis: LocalService;
  let store: Store;
  let api: Api;
  let worker: RunningProcess;
  let prometheus: Prometheus;

  beforeAll(async () => {
    [mongo, redis] = await Promise.all([startMongo({ cacheDir: CACHE }), startRedis({ cacheDir: CACHE })]);
    const database = 'prometheus';
    store = await connectStore({ uri: mongo.uri, database, poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
    await migrate(store);
    const system = createTestSystem({
      mongodbUri: mongo.uri,
      database,
      redisUrl: redis.uri,
      redisPrefix: 'prometheus',
    });
    api = await system.startApi();
    worker = await system.startWorker();
    const apps = [await system.startScheduler(), worker, api.process];
    prometheus = await startPrometheus(path('prometheus'), {
      targets: await Promise.all(apps.map(metricsPortOf)),
      rules: rules().map(twentyTimesAsFast),
    });
    // With the first campaign series begin to be; of the second, Prometheus sees how they rise.
    await runCampaign('spring');
    await scrapeAll(apps.length);
    await runCampaign('autumn');
  });

  afterAll(async () => {
    await prometheus?.stop();
    await store?.close();
    await Promise.all([mongo?.stop(), redis?.stop()]);
  });

  /** Resolves when Prometheus knows of each app what it counted until now. */
  async function scrapeAll(count: number): Promise<void> {
    const since = Date.now() / 1000;
    const isThere = async () => {
      const scraped = await prometheus.query('timestamp(communication_processes)');
      return scraped.length === count && scraped.every(({ value }) => value > since);
    };
    await until(isThere, { describe: 'every app is scraped', timeoutMs: 60_000 });
  }

  /** Everybody is written to, replies, and is written to once more. */
  async function runCampaign(id: string): Promise<void> {
    await launch(store, template, draftCampaign(id, template, { channel: 'log' }), recipients, FACTOR);
    const sent = async () => (await campaignProgress(store, id, new Date())).messages.by_status['sent'] ?? 0;
    const completed = async () => (await loadCampaign(store, id)).status === 'completed';
    await until(async () => (await sent()) === MEMBERS, { describe: 'everybody to be written to', timeoutMs: 60_000 });
    for (const { _id } of recipients) {
      await api.call('POST', '/v1/responses', { campaign_id: id, recipient_id: _id, text: 'Tell me more.' });
    }
    await until(completed, { describe: `${id} to be completed`, timeoutMs: 60_000 });
  }

  it('finds no fault in any rule', async () => {
    const evaluated = await until(
      async () => {
        const known = await prometheus.rules();
        return known.every(({ health }) => health !== 'unknown') ? known : undefined;
      },
      { describe: 'every rule to be evaluated' },
    );
    expect(evaluated).toHaveLength(rules().length);
    expect(evaluated.filter(({ health, lastError }) => health !== 'ok' || lastError)).toEqual([]);
  });

  it("answers the query of the user's document", async () => {
    const query = 'communication_stage_duration_seconds{campaign_type="sales",stage="awareness",bucket="le_24h"}';
    const all = async () => (await prometheus.query(query)).some(({ value }) => value === 2 * MEMBERS);
    await until(all, { describe: 'everybody is seen to have left the stage' });
  });

  it.each(panels)('has data for $panel: $expr', async ({ panel, expr }) => {
    const ask = () => prometheus.query(expr);
    const answersWithNumbers = async () => (await ask()).some(({ value }) => Number.isFinite(value));
    if (panel in EMPTY) await ask();
    else await until(answersWithNumbers, { describe: 'there is a number' });
  });

  it('has every panel that may be empty', () => {
    const known = panels.map(({ panel }) => panel);
    expect(Object.keys(EMPTY).filter((panel) => !known.includes(panel))).toEqual([]);
  });

  it('raises no alert', async () => {
    const nameEach = (samples: readonly Sample[]) => samples.map(({ labels }) => labels['alertname']);
    const nothingIsPending = async () => {
      expect(nameEach(await prometheus.query(`ALERTS{${NOT_OF_SPEED}}`))).toEqual([]);
      return true;
    };
    await until(nothingIsPending, { describe: 'no alert is about to fire', timeoutMs: 60_000 });
    const fired = `sum by (alertname) (count_over_time(ALERTS{alertstate="firing", ${NOT_OF_SPEED}}[1h]))`;
    expect(nameEach(await prometheus.query(fired))).toEqual([]);
  });

  it('raises one when the worker has ended', async () => {
    await worker.stop();
    const name = 'CampaignManagerWorkerAbsent';
    const alert = await until(
      async () =>
        (await prometheus.alerts()).find(({ labels, state }) => labels['alertname'] === name && state === 'firing'),
      { describe: `${name} fires`, timeoutMs: 60_000 },
    );
    const rule = alertRules().find((each) => each.alert === name);
    expect(alert).toMatchObject({ labels: rule?.labels, annotations: rule?.annotations });
  });
});

async function metricsPortOf(process: RunningProcess): Promise<number> {
  return (JSON.parse(await process.waitForLine(/Health and metrics are served/)) as { port: number }).port;
}

/** The same rule, where what takes a minute takes three seconds. */
function twentyTimesAsFast(rule: Rule): Rule {
  const faster = (duration: string) =>
    duration.replace(/(\d+)([mh])/, (_, count, unit) => `${count * (unit === 'h' ? 180 : 3)}s`);
  return {
    ...rule,
    expr: rule.expr.replace(/\[\w+\]/g, faster),
    ...(rule.for && { for: faster(rule.for) }),
  };
}
