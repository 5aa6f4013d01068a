import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../api-client.js';
import type { Screen } from '../screen.js';
import { type CampaignView, type Progress, progressBlock, progressLine } from './progress-view.js';
import type { Scenario } from './scenario.js';
import { campaignCalendar } from './time.js';

const LOOK_MS = 500;
const LINE_EVERY_MS = 3000;

/** Thrown when a campaign is still open though it should have ended long ago. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
  readonly views: readonly CampaignView[];

  constructor(afterMs: number, views: readonly CampaignView[]) {
    const lines = views.map((view) => `${view.name} (${view.progress.status}): ${progressLine(view)}`);
    super(`Not ended after ${Math.round(afterMs / 1000)} s.\n${lines.join('\n')}`);
    this.views = views;
  }
}

/** Shows how the campaigns go until each of them is completed. */
export async function watchUntilCompleted(
  api: Api,
  scenarios: readonly Scenario[],
  screen: Screen,
  startedAt: number,
  timeoutMs: number,
): Promise<void> {
  let lineAt = 0;
  for (;;) {
    const views = await Promise.all(scenarios.map((scenario) => look(api, scenario)));
    const elapsed = performance.now() - startedAt;
    const clock = `${(elapsed / 1000).toFixed(1).padStart(5)} s = ${campaignCalendar(elapsed)}`;
    screen.redraw(['', clock, ...views.flatMap((view) => ['', ...progressBlock(view, screen.paint)])]);
    const ended = views.every(({ progress }) => progress.status === 'completed');
    if (!screen.lively && (ended || elapsed >= lineAt)) {
      for (const view of views) screen.line(`${clock}  ${view.name}: ${progressLine(view)}`);
      lineAt = elapsed + LINE_EVERY_MS;
    }
    if (ended) return;
    if (elapsed > timeoutMs) throw new StuckError(elapsed, views);
    await delay(LOOK_MS);
  }
}

async function look(api: Api, { campaign, template, people }: Scenario): Promise<CampaignView> {
  const progress = await api.get<Progress>(`/v1/campaigns/${campaign._id}/progress?fresh=true`);
  return { name: campaign.name, stages: Object.keys(template.stages), size: people.length, progress };
}
