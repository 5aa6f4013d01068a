import type { ResponseModel } from '../schemas/response-model.js';
import { duration, percent, whole } from './figures.js';
import { hybridRule, ruleTemplate, salesTemplate } from './fixtures/sample-scenarios.js';
import { renderReportHtml } from './render-html.js';
import { renderReportText } from './render-text.js';
import { simulateStatistics } from './simulate-statistics.js';

const model: ResponseModel = {
  stages: { awareness: { answers: [{ probability: 1, delay: { distribution: 'fixed', hours: 5 } }] } },
};
const report = simulateStatistics({ template: salesTemplate, recipients: 2000, responses: model, seed: 7 });

describe('renderReportText', () => {
  it('shows every table in full', () => {
    expect(
      renderReportText(simulateStatistics({ template: salesTemplate, recipients: 2000, responses: {}, seed: 7 })),
    ).toBe(`Leads for a warehouse planner (lead_template): 2,000 recipients, seed 7
messages     6,000, of which follow-ups 66.7 %
responses    0
escalations  0
completion   median 7 d, 95 of 100 within 7 d

stage          entered  advanced  completed  failed  expired  opted out  messages  responses  per message
---------------------------------------------------------------------------------------------------------
awareness        2,000         0          0   2,000        0          0     6,000          0        0.0 %
consideration        0         0          0       0        0          0         0          0            –
decision             0         0          0       0        0          0         0          0            –

result  reason        count    share
------------------------------------
failed  max_duration  2,000  100.0 %

time   messages  follow-ups  responses  escalations  completed
--------------------------------------------------------------
day 0     2,000           0          0            0          0
day 1         0           0          0            0          0
day 2     2,000       2,000          0            0          0
day 3         0           0          0            0          0
day 4     2,000       2,000          0            0          0
day 5         0           0          0            0          0
day 6         0           0          0            0          0
day 7         0           0          0            0      2,000

Nobody entered: consideration, decision
`);
  });

  it('gathers long campaigns into weeks or more', () => {
    const long = ruleTemplate({ response_required: true, max_stage_duration_hours: 24 * 100 });
    const text = renderReportText(simulateStatistics({ template: long, recipients: 1, responses: {}, seed: 1 }));
    expect(text).toContain('days 0-6');
    expect(text).toContain('days 98-104');
  });
});

describe('renderReportHtml', () => {
  const html = renderReportHtml(report);

  it('needs nothing but itself: no script, no address, both colour schemes', () => {
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|https?:|src=|href=|\son[a-z]+=/i);
    expect(html).toContain('prefers-color-scheme: dark');
  });

  it('draws the funnel, the messages, the time to completion and the results', () => {
    const drawn = [...html.matchAll(/<svg role="img" aria-label="([^"]+)"/g)].map(([, name]) => name);
    expect(drawn).toEqual([
      'Conversations that entered each stage, and how they left it',
      'Messages per day after the launch',
      'When 2,000 conversations ended',
      'Conversations by result and reason',
    ]);
    expect(html).toContain('awareness: 2,000 entered, 2,000 went on or succeeded, 0 failed, 0 left otherwise');
    expect(html).toContain('failed (max_duration): 2,000');
  });

  it('shows escalations where there are any', () => {
    const raised = simulateStatistics({ template: ruleTemplate(hybridRule), recipients: 3, responses: {}, seed: 1 });
    expect(renderReportHtml(raised)).toContain('day 5: 3 escalations');
  });

  it('draws every bar within its chart', () => {
    for (const [, width, height, chart = ''] of html.matchAll(/<svg[^>]*viewBox="0 0 (\d+) (\d+)">(.*?)<\/svg>/g)) {
      const bars = [...chart.matchAll(/<rect class="\w+" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"\/>/g)];
      expect(bars.length).toBeGreaterThan(0);
      for (const [, x, y, w, h] of bars) {
        expect(Math.min(...[x, y, w, h].map(Number))).toBeGreaterThanOrEqual(0);
        expect(Number(x) + Number(w)).toBeLessThanOrEqual(Number(width));
        expect(Number(y) + Number(h)).toBeLessThanOrEqual(Number(height));
      }
    }
  });

  it('escapes what templates are called', () => {
    const stages = { a: { name: '<i>"&\'', messages: [{ template: 'x' }] } };
    const template = { ...salesTemplate, name: '<script>', stages, default_initial_stage: 'a' };
    const page = renderReportHtml(simulateStatistics({ template, recipients: 1, responses: {}, seed: 1 }));
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('&lt;i&gt;&quot;&amp;&#39;');
    expect(page).not.toMatch(/<script|<i>/);
  });

  it('is drawn for nobody as well', () => {
    const empty = simulateStatistics({ template: salesTemplate, recipients: 0, responses: {}, seed: 1 });
    expect(renderReportHtml(empty)).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(renderReportText(empty)).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('figures', () => {
  it('are written the same everywhere', () => {
    expect([0, 999, 1000, 1234567].map(whole)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([percent(1, 3), percent(0, 0)]).toEqual(['33.3 %', '–']);
    expect([0, 7.5, 47.96, 48, 60, null].map(duration)).toEqual(['0 h', '7.5 h', '48 h', '2 d', '2.5 d', '–']);
  });
});
