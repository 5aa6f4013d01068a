import { type Command, InvalidArgumentError } from 'commander';
import type { Api } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { printLine } from '../run-action.js';

interface Options extends ApiOptions {
  readonly intent?: string;
  readonly text?: string;
  readonly data?: object;
  readonly id?: string;
}

export function addRespond(program: Command): void {
  const command = program
    .command('respond')
    .description('hand in a reply of a recipient')
    .argument('<conversation>', 'campaign and recipient joined by a slash: sales_spring/ada')
    .option('--intent <intent>', 'what the reply means, such as accept_proposal')
    .option('--text <text>', 'what the recipient wrote')
    .option('--data <json>', 'fields of the reply, as a JSON object', jsonObject)
    .option('--id <id>', 'id of the reply: a second one with the same id changes nothing');
  withApi(command, [
    'respond sales_spring/ada --intent accept_proposal',
    `respond support_march/dora --text "It was fine" --data '{"rating": 4}'`,
  ]).action((conversation: string, options: Options) =>
    runApiAction(options, (api) => respond(api, conversation, options)),
  );
}

async function respond(api: Api, conversation: string, { intent, text, data, id }: Options): Promise<boolean> {
  const reply = { conversation_id: conversation, intent, text, data, id };
  const answer = await api.post<{ readonly id: string; readonly status: string }>('/v1/responses', reply);
  if (answer.status === 'unmatched') {
    throw new CliError(`There is no conversation ${conversation}; the reply is kept as unmatched (${answer.id}).`, {
      hint: 'a conversation begins when its campaign has started',
    });
  }
  printLine(`Reply ${answer.id} is ${answer.status}.`);
  return true;
}

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // told below
  }
  throw new InvalidArgumentError('It must be a JSON object such as {"rating": 4}.');
}
