import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { type AlertRule, alertRules, type Rule, rules } from '../support/monitoring.js';
import { readPromql } from '../support/promql.js';
import { inNamespace, stories } from './rules/stories.js';
import type { Story } from './rules/story.js';
import { testOf } from './rules/to-promtool.js';
import { CHART, capabilities, valuesFile } from './support/chart.js';
import { need } from './support/need.js';
import { mustRun, run } from './support/program.js';
import { testRules } from './support/promtool.js';

const NAMESPACE = 'campaigns';
const RUNBOOK = 'https://docs.example.com/operations.md';

interface PrometheusRule {
  readonly kind: string;
  readonly spec: { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
}

/** What the chart gives to the Prometheus operator. */
async function render(helm: string): Promise<PrometheusRule['spec']> {
  const values = ['--values', valuesFile('minimal-values.yaml'), '--namespace', NAMESPACE];
  const on = ['--set', `monitoring.prometheusRule.enabled=true,monitoring.runbookUrl=${RUNBOOK}`];
  const text = await mustRun(helm, ['template', 'release', CHART, ...capabilities('1.34'), ...values, ...on]);
  const documents = parseAllDocuments(text).map((document): PrometheusRule => parse(String(document)));
  return { groups: documents.flatMap((each) => (each?.kind === 'PrometheusRule' ? each.spec.groups : [])) };
}

const { suite, path } = need('helm');

suite('the rules of a release', () => {
  let rendered: readonly Rule[];

  beforeAll(async () => {
    rendered = (await render(path('helm'))).groups.flatMap((group) => group.rules);
  });

  it('select in its namespace alone what those of the file select anywhere', () => {
    const namespaced = ({ expr }: Rule) =>
      readPromql(expr).selected.map(({ metric, matchers }) => ({
        metric,
        matchers: [`namespace="${NAMESPACE}"`, ...matchers],
      }));
    const selected = ({ expr }: Rule) =>
      readPromql(expr).selected.map(({ metric, matchers }) => ({ metric, matchers }));
    expect(rendered.map(selected)).toEqual(rules().map(namespaced));
  });

  it('are otherwise those of the file, but for the namespace of their alerts and the way to the runbook', () => {
    const known = rules().map(({ labels, annotations, ...rule }) => ({
      ...rule,
      expr: expect.any(String),
      labels: { ...labels, namespace: NAMESPACE },
      ...(annotations && {
        annotations: {
          ...annotations,
          runbook_url: annotations['runbook_url']?.replace('docs/operations.md', RUNBOOK),
        },
      }),
    }));
    expect(rendered).toEqual(known);
  });
});

const both = need('helm', 'promtool');

both.suite('the rules of a release, as Prometheus evaluates them', () => {
  let groups: PrometheusRule['spec']['groups'];

  beforeAll(async () => {
    ({ groups } = await render(both.path('helm')));
  });

  it('are rules in which promtool finds no fault', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'campaign-manager-rendered-'));
    const file = join(folder, 'rules.json'); // JSON is YAML, which promtool reads
    await writeFile(file, JSON.stringify({ groups }));
    const { code, output } = await run(both.path('promtool'), ['check', 'rules', '--lint=all', '--lint-fatal', file]);
    await rm(folder, { recursive: true });
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`${rules().length} rules found`) });
  });

  it.each(alertRules())('$alert fires in the namespace of the release', async ({ alert }) => {
    const rule = groups.flatMap((group) => group.rules).find((each) => each.alert === alert) as AlertRule;
    const story = stories[alert]?.find(({ fires }) => fires) as Story;
    const test = testOf(rule, inNamespace(NAMESPACE, story));
    const { code, output } = await testRules(both.path('promtool'), test, rule);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});
