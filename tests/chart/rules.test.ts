import { parse, parseAllDocuments } from 'yaml';
import { type Rule, rules } from '../support/monitoring.js';
import { readPromql } from '../support/promql.js';
import { CHART, capabilities, valuesFile } from './support/chart.js';
import { need } from './support/need.js';
import { mustRun } from './support/program.js';

const NAMESPACE = 'campaigns';
const RUNBOOK = 'https://docs.example.com/operations.md';

interface PrometheusRule {
  readonly kind: string;
  readonly spec: { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
}

const { suite, path } = need('helm');

suite('the rules of a release', () => {
  let rendered: readonly Rule[];

  beforeAll(async () => {
    const values = ['--values', valuesFile('minimal-values.yaml'), '--namespace', NAMESPACE];
    const on = ['--set', `monitoring.prometheusRule.enabled=true,monitoring.runbookUrl=${RUNBOOK}`];
    const text = await mustRun(path('helm'), ['template', 'release', CHART, ...capabilities('1.34'), ...values, ...on]);
    const documents = parseAllDocuments(text).map((document): PrometheusRule => parse(String(document)));
    rendered = documents
      .filter((document) => document?.kind === 'PrometheusRule')
      .flatMap(({ spec }) => spec.groups.flatMap((group) => group.rules));
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
