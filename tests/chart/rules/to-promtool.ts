import type { AlertRule } from '../../support/monitoring.js';
import type { AlertTest, RuleTest } from '../support/promtool.js';
import { nameOf, type Series } from './series.js';
import type { Firing, Story } from './story.js';
import { minutesOf, STEP_SECONDS, valuesOf } from './timeline.js';

/** A story as a test for promtool. */
export function testOf(rule: AlertRule, { given, fires }: Story): RuleTest {
  const series = given.flat();
  if (fires === undefined) return testOfSilence(series, `alertname="${rule.alert}", `);
  const lasting = {
    expr: `count(ALERTS{alertname="${rule.alert}", alertstate="firing"})`,
    eval_time: `${fires.until - 1}m`,
    exp_samples: [{ labels: '{}', value: 1 }],
  };
  return { ...inputOf(series), alert_rule_test: checksOf(rule, fires), promql_expr_test: [lasting] };
}

/** That no alert fires at any evaluation; with a matcher, none of those that it chooses. */
export function testOfSilence(series: readonly Series[], matcher = ''): RuleTest {
  const minutes = Math.max(...series.map(({ timeline }) => minutesOf(timeline)));
  const expr = `sum by (alertname) (count_over_time(ALERTS{${matcher}alertstate="firing"}[${minutes}m]))`;
  return { ...inputOf(series), promql_expr_test: [{ expr, eval_time: `${minutes}m`, exp_samples: [] }] };
}

/**
 * Silent a minute before, firing at `from` with what an operator reads, firing a minute before `until`, silent then. A
 * minute, since Prometheus 3 leaves out of a range the sample at its left edge, which Prometheus 2 takes in.
 */
function checksOf(
  { alert, labels: given, annotations }: AlertRule,
  { from, until, labels, summary, description }: Firing,
): readonly AlertTest[] {
  const firing = {
    exp_labels: { ...given, ...labels },
    exp_annotations: { ...annotations, summary, description },
  };
  const at = (minutes: number, exp_alerts: AlertTest['exp_alerts']): AlertTest => ({
    eval_time: `${minutes}m`,
    alertname: alert,
    exp_alerts,
  });
  return [at(from - 1, []), at(from, [firing]), at(until, [])];
}

export function inputOf(series: readonly Series[]): Pick<RuleTest, 'interval' | 'input_series'> {
  return {
    interval: `${STEP_SECONDS}s`,
    input_series: series.map((each) => ({ series: nameOf(each), values: valuesOf(each.timeline) })),
  };
}
