import type { Command } from 'commander';
import type { Api } from '../api-client.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { type ChannelStatus, describeChannel } from '../remote/channel-view.js';
import { printJson, printLine } from '../run-action.js';

interface Options extends ApiOptions {
  readonly json?: boolean;
  readonly reason?: string;
}

/** Channels and whether they are paused: by an operator, or by the workers because too much failed (docs/channels.md). */
export function addChannels(program: Command): void {
  const parent = program
    .command('channels')
    .description('show whether email, webhooks and log are paused for all workers, pause and resume them');

  withApi(
    parent
      .command('list', { isDefault: true })
      .description('print one channel a line')
      .option('--json', "print the api's answer"),
    ['channels', 'channels list --json'],
  ).action((options: Options) => runApiAction(options, (api) => list(api, options)));

  withApi(
    parent
      .command('pause')
      .description('let nothing go out over a channel until it is resumed; what is due meanwhile waits')
      .argument('<channel>', 'email, webhook or log')
      .option('--reason <text>', 'shown to whoever looks')
      .option('--json', "print the api's answer"),
    ['channels pause email --reason "the provider moves"'],
  ).action((channel: string, options: Options) =>
    runApiAction(options, (api) => change(api, 'pause', channel, options)),
  );

  withApi(
    parent
      .command('resume')
      .description('let what has waited go out from the next poll on')
      .argument('<channel>', 'email, webhook or log')
      .option('--json', "print the api's answer"),
    ['channels resume email'],
  ).action((channel: string, options: Options) =>
    runApiAction(options, (api) => change(api, 'resume', channel, options)),
  );
}

async function list(api: Api, { json }: Options): Promise<boolean> {
  const answer = await api.get<{ readonly items: readonly ChannelStatus[] }>('/v1/channels');
  if (json) printJson(answer);
  else for (const channel of answer.items) printLine(describeChannel(channel));
  return true;
}

async function change(api: Api, verb: 'pause' | 'resume', name: string, { json, reason }: Options): Promise<boolean> {
  const body = reason === undefined ? {} : { reason };
  const answer = await api.post<{ readonly channel: ChannelStatus }>(
    `/v1/channels/${encodeURIComponent(name)}/${verb}`,
    body,
  );
  if (json) printJson(answer);
  else printLine(describeChannel(answer.channel));
  return true;
}
