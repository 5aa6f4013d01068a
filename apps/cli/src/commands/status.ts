import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Api } from '../api-client.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { type ChannelStatus, describeChannel } from '../remote/channel-view.js';
import { isOver, type Progress, statusBlock } from '../remote/status-view.js';
import { printJson } from '../run-action.js';
import { createScreen } from '../screen.js';

const WATCH_EVERY_MS = 1000;

interface Options extends ApiOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

interface Campaign {
  readonly name: string;
  readonly channel: string;
  readonly template_id: string;
  readonly template_version: number | null;
}

interface Template {
  readonly template: { readonly stages: object; readonly stage_order?: readonly string[] };
}

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .description('show where the conversations of a campaign stand')
    .argument('<campaign>', 'id of the campaign')
    .option('--watch', 'draw it again every second until the campaign is over')
    .option('--json', 'print JSON; with --watch, one line for each change');
  withApi(command, ['status sales_spring', 'status sales_spring --watch']).action(
    (campaign: string, options: Options) => runApiAction(options, (api) => status(api, campaign, options)),
  );
}

async function status(api: Api, id: string, { watch, json }: Options): Promise<boolean> {
  const path = `/v1/campaigns/${encodeURIComponent(id)}`;
  const campaign = await api.get<Campaign>(path);
  const stages = json ? [] : await stagesOf(api, campaign);
  const screen = createScreen(process.stdout);
  let last = '';
  for (;;) {
    const { computed_at: at, ...figures } = await api.get<Progress & { computed_at: string }>(
      `${path}/progress?fresh=true`,
    );
    const pause = json ? [] : await pauseOf(api, campaign);
    const changed = JSON.stringify([figures, pause]) !== last;
    last = JSON.stringify([figures, pause]);
    if (json && watch && changed) process.stdout.write(`${JSON.stringify({ ...figures, computed_at: at })}\n`);
    else if (json && !watch) printJson({ ...figures, computed_at: at });
    else if (!json && changed) {
      const warnings = pause.map((line) => screen.paint('red', `  ${line}`));
      const block = [...statusBlock(campaign.name, stages, figures, screen.paint), ...warnings];
      if (screen.lively) screen.redraw(block);
      else for (const line of block) screen.line(line);
    }
    if (!watch || isOver(figures)) return true;
    await delay(WATCH_EVERY_MS);
  }
}

/** What keeps the campaign's messages from going out, if anything. */
async function pauseOf(api: Api, { channel }: Campaign): Promise<readonly string[]> {
  const { items } = await api.get<{ readonly items: readonly ChannelStatus[] }>('/v1/channels');
  return items.filter(({ name, status }) => name === channel && status === 'paused').map(describeChannel);
}

async function stagesOf(api: Api, { template_id, template_version }: Campaign): Promise<readonly string[]> {
  const version = template_version === null ? '' : `?version=${template_version}`;
  const { template } = await api.get<Template>(`/v1/templates/${encodeURIComponent(template_id)}${version}`);
  return template.stage_order ?? Object.keys(template.stages);
}
