import type { Command } from 'commander';
import type { Api } from '../api-client.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { printJson, printLine } from '../run-action.js';

const COMMANDS = {
  launch: 'check the audience of a draft and launch it',
  pause: 'pause: nothing is sent and no deadline passes until it is resumed',
  resume: 'resume where it was paused',
  cancel: 'cancel for good: every open conversation is ended',
} as const;

interface Options extends ApiOptions {
  readonly json?: boolean;
}

interface Answer {
  readonly campaign: { readonly _id: string; readonly status: string; readonly start_at?: string | null };
  readonly missing?: readonly { readonly variable: string; readonly recipients: number }[];
  readonly warnings?: readonly { readonly path: string; readonly message: string }[];
}

/** launch, pause, resume and cancel: each is one call that answers with the campaign. */
export function addLifecycle(program: Command): void {
  for (const [name, description] of Object.entries(COMMANDS)) {
    const command = program
      .command(name)
      .description(description)
      .argument('<campaign>', 'id of the campaign')
      .option('--json', "print the api's answer");
    withApi(command, [`${name} sales_spring`]).action((campaign: string, options: Options) =>
      runApiAction(options, (api) => change(api, name, campaign, options)),
    );
  }
}

async function change(api: Api, name: string, id: string, { json }: Options): Promise<boolean> {
  const answer = await api.post<Answer>(`/v1/campaigns/${encodeURIComponent(id)}/${name}`, {});
  if (json) {
    printJson(answer);
    return true;
  }
  const { campaign, missing = [], warnings = [] } = answer;
  for (const { path, message } of warnings) printLine(`warning  ${path}: ${message}`);
  for (const { variable, recipients } of missing) {
    printLine(`warning  ${variable} is missing for ${recipients} of the recipients; it stays empty`);
  }
  printLine(`Campaign ${campaign._id} is ${campaign.status}.`);
  return true;
}
