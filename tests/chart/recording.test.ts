import { METRICS } from '@campaign-manager/runtime';
import { nameOf, worker } from './rules/series.js';
import { steady } from './rules/timeline.js';
import { inputOf } from './rules/to-promtool.js';
import { need } from './support/need.js';
import { type ExpressionTest, testRules } from './support/promtool.js';

const HOUR = 3600;
const METRIC = 'communication_stage_duration_seconds';
const SALES = { campaign_type: 'sales', stage: 'awareness' };

/** The bounds that the user's document has names for; shorter ones are those of the demo. */
const bounds = METRICS.stageDurationSeconds.buckets.filter((seconds) => seconds >= HOUR);

/** The bound as we write it, which Prometheus 2 keeps, and as Prometheus 3 and OpenMetrics write it. */
const FORMS: readonly (readonly [form: string, write: (seconds: number) => string])[] = [
  ['86400 and 1209600', String],
  ['86400.0 and 1209600.0', (seconds) => `${seconds}.0`],
  ['86400.0 and 1.2096e+06', (seconds) => (seconds < 1e6 ? `${seconds}.0` : exponential(seconds))],
];

const exponential = (seconds: number) => seconds.toExponential().replace('e+', 'e+0');

const { suite, path } = need('promtool');

suite("the histogram in the form of the user's document", () => {
  it.each(FORMS)('has a label for each bound, where Prometheus writes %s', async (_, write) => {
    const buckets = [...bounds.map((seconds) => [write(seconds), seconds / HOUR] as const), ['+Inf', 1000] as const];
    const series = worker.measures(
      METRIC,
      SALES,
      Object.fromEntries([['600', [steady(0, 5)]], ...buckets.map(([le, count]) => [le, [steady(count, 5)]])]),
    );
    const expected = [...bounds.map((seconds) => [`le_${seconds / HOUR}h`, seconds / HOUR]), ['le_inf', 1000]];
    const all: ExpressionTest = {
      expr: METRIC,
      eval_time: '5m',
      exp_samples: expected.map(([bucket, value]) => ({ labels: labelled(`${bucket}`), value: Number(value) })),
    };
    const documented: ExpressionTest = {
      expr: `${METRIC}{campaign_type="sales",stage="awareness",bucket="le_24h"}`,
      eval_time: '5m',
      exp_samples: [{ labels: labelled('le_24h'), value: 24 }],
    };
    const { code, output } = await testRules(path('promtool'), {
      ...inputOf(series),
      promql_expr_test: [all, documented],
    });
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});

function labelled(bucket: string): string {
  return nameOf(worker.shows(METRIC, { ...SALES, bucket }));
}
