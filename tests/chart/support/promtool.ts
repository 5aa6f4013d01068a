import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULES_FILE, type Rule } from '../../support/monitoring.js';
import { type Run, run } from './program.js';

/** One test in the form of promtool: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules */
export interface RuleTest {
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly AlertTest[];
  readonly promql_expr_test?: readonly ExpressionTest[];
}

export interface AlertTest {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

export interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/**
 * Evaluates rules over time, in a moment, and compares: all of the file, or only the given one, which takes a twentieth
 * of the time. Its answer is that of `promtool test rules`.
 */
export async function testRules(promtool: string, test: RuleTest, only?: Rule): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-manager-rules-'));
  // JSON is YAML, which promtool reads.
  const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));
  try {
    if (only) await write('rule.json', { groups: [{ name: 'only', rules: [only] }] });
    const rule_files = [only ? 'rule.json' : RULES_FILE];
    await write('test.json', { rule_files, evaluation_interval: test.interval, tests: [test] });
    return await run(promtool, ['test', 'rules', join(folder, 'test.json')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
