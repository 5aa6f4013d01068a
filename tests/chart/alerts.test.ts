import { METRIC_PREFIX, METRICS, type MetricDefinition } from '@campaign-manager/runtime';
import { type AlertRule, alertRules, RULES_FILE, type Rule, rules } from '../support/monitoring.js';
import { readPromql } from '../support/promql.js';
import type { Series } from './rules/series.js';
import { stories } from './rules/stories.js';
import type { Firing, Story } from './rules/story.js';
import { scenes } from './rules/system.js';
import { testOf, testOfSilence } from './rules/to-promtool.js';
import { need } from './support/need.js';
import { mustRun } from './support/program.js';
import { type RuleTest, testRules } from './support/promtool.js';

const all = Object.values(stories).flat();

const alerts = alertRules();

const { suite, path } = need('promtool');

suite('the alerts, as Prometheus evaluates them over time', () => {
  const evaluate = async (test: RuleTest, only?: Rule) => {
    const { code, output } = await testRules(path('promtool'), test, only);
    return { code, output };
  };
  const tell = (alert: AlertRule, story: Story) => evaluate(testOf(alert, story), alert);
  const PASSED = { code: 0, output: expect.stringContaining('SUCCESS') };
  const FAILED = { code: 1, output: expect.stringContaining('FAILED') };

  it('are rules in which promtool finds no fault', async () => {
    const output = await mustRun(path('promtool'), ['check', 'rules', '--lint=all', '--lint-fatal', RULES_FILE]);
    expect(output).toContain(`SUCCESS: ${rules().length} rules found`);
  });

  describe.each(alerts)('$alert', (alert) => {
    const told = stories[alert.alert] ?? [];

    it.each(told.filter(({ fires }) => fires))('fires, says what is wrong, and ends: $name', async (story) => {
      expect(await tell(alert, story)).toEqual(PASSED);
    });

    it.each(told.filter(({ fires }) => !fires))('is silent: $name', async (story) => {
      expect(await tell(alert, story)).toEqual(PASSED);
    });
  });

  it.each(scenes)('all are silent: $name', async ({ series }) => {
    expect(await evaluate(testOfSilence(series))).toEqual(PASSED);
  });

  it('a story that is not true fails', async () => {
    const [alert] = alerts.filter((each) => each.alert === 'CampaignManagerMessagesUnknown');
    const [story] = stories['CampaignManagerMessagesUnknown'] ?? [];
    const fires = story?.fires as Firing;
    const untrue: readonly Omit<Story, 'name' | 'given'>[] = [
      {},
      { fires: { ...fires, from: 14 } },
      { fires: { ...fires, from: 17 } },
      { fires: { ...fires, until: 29 } },
      { fires: { ...fires, until: 32 } },
      { fires: { ...fires, summary: '6 messages are unknown' } },
    ];
    for (const end of untrue) {
      expect(await tell(alert as AlertRule, { name: '', given: story?.given ?? [], ...end })).toEqual(FAILED);
    }
  });
});

describe('the stories of the alerts', () => {
  it.each(alerts)('$alert has one in which it fires and ends, and one in which it is silent', ({ alert }) => {
    const told = stories[alert] ?? [];
    expect(told.some(({ fires }) => fires !== undefined)).toBe(true);
    expect(told.some(({ fires }) => fires === undefined)).toBe(true);
  });

  it('are told of alerts that there are', () => {
    expect(Object.keys(stories).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it.each(all.filter(({ fires }) => fires))('what an operator reads is for people: $name', ({ fires }) => {
    expect(`${fires?.summary} ${fires?.description}`).not.toMatch(/<no value>|\{\{|NaN|Inf|\d\.\d{3}|\de[+-]\d/);
  });

  it('tell of series that are exported, with all of their labels', () => {
    const told = [...all.flatMap(({ given }) => given.flat()), ...scenes.flatMap(({ series }) => series)];
    const strange = told.map(shapeOf).filter((shape) => !EXPORTED.has(shape));
    expect([...new Set(strange)]).toEqual([]);
  });

  it.each(scenes)('every series that an alert asks for is there: $name', ({ series }) => {
    const asked = alerts.flatMap(({ expr }) => readPromql(expr).selected.map(({ metric }) => metric));
    const shown = new Set(series.map(({ metric }) => metric));
    expect([...new Set(asked)].filter((metric) => !shown.has(metric))).toEqual([]);
  });
});

/** Put there by Prometheus itself. */
const TARGET = ['job', 'instance'];

const shapeOf = ({ metric, labels }: Pick<Series, 'metric' | 'labels'>) =>
  `${metric} ${Object.keys(labels)
    .filter((label) => !TARGET.includes(label))
    .sort()
    .join(' ')}`;

const EXPORTED = new Set([
  'nodejs_eventloop_lag_p99_seconds ',
  ...(Object.values(METRICS) as readonly MetricDefinition[]).flatMap(({ name, labels, kind }) => {
    const shape = (suffix: string, more: readonly string[] = []) =>
      `${METRIC_PREFIX}${name}${suffix} ${[...labels, ...more].sort().join(' ')}`;
    return kind === 'histogram' ? [shape('_bucket', ['le']), shape('_count'), shape('_sum')] : [shape('')];
  }),
]);
