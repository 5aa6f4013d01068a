import type { Command } from 'commander';
import type { Api } from '../api-client.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { printJson } from '../run-action.js';

interface Options extends ApiOptions {
  readonly json?: boolean;
}

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('tell what a conversation did and why, what it waits for, and what each reply would do')
    .argument('<conversation>', 'campaign and recipient joined by a slash: sales_spring/ada')
    .option('--json', 'print JSON');
  withApi(command, ['explain sales_spring/ada']).action((conversation: string, options: Options) =>
    runApiAction(options, (api) => explain(api, conversation, options)),
  );
}

async function explain(api: Api, conversation: string, { json }: Options): Promise<boolean> {
  const path = `/v1/conversations/${encodeURIComponent(conversation)}/explain`;
  if (json) printJson(await api.get(path));
  else process.stdout.write(`${(await api.getText(path)).trimEnd()}\n`);
  return true;
}
