import { type Command, Option } from 'commander';
import { type Api, ApiError } from '../api-client.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { explainProblem } from '../remote/explain-problem.js';
import { printLine } from '../run-action.js';
import { wordsAndInput } from '../words-and-input.js';

const UNSENT = ['unknown', 'failed', 'suppressed', 'cancelled', 'abandoned'] as const;
const OF_A_CAMPAIGN = ['sending', 'retry', 'sent', 'all'] as const;

const WORDS = {
  resend: 'it did not arrive: give it up and send it again under a new key',
  confirm: 'it arrived',
  abandon: 'give it up, without sending it again',
} as const;

interface ListOptions extends ApiOptions {
  readonly status: string;
  readonly json?: boolean;
}

interface WordOptions extends ApiOptions {
  readonly note?: string;
}

interface Message {
  readonly _id: string;
  readonly status: string;
  readonly to: string;
  readonly claimed_at: number;
  readonly settled_at?: number;
  readonly attempts: readonly { readonly reason?: string }[];
}

/** The operators' inbox: messages of which nobody knows whether they arrived, and what is to be done with them. */
export function addMessages(program: Command): void {
  const parent = program
    .command('messages')
    .description('messages of which nobody knows whether they arrived, and what is to become of them');

  withApi(
    parent
      .command('list')
      .description('print one message a line: key, status, address, time and reason, with tabs between them')
      .argument('[campaign]', 'id of the campaign; default: all campaigns')
      .addOption(
        new Option('--status <status>', `of a campaign also ${OF_A_CAMPAIGN.join(', ')}`)
          .choices([...UNSENT, ...OF_A_CAMPAIGN])
          .default('unknown'),
      )
      .option('--json', 'print one JSON document a line'),
    ['messages list', 'messages list sales_spring --status failed'],
  ).action((campaign: string | undefined, options: ListOptions) =>
    runApiAction(options, (api) => list(api, campaign, options)),
  );

  for (const [word, description] of Object.entries(WORDS)) {
    withApi(
      parent
        .command(word)
        .description(description)
        .argument(
          '<keys...>',
          'keys of messages; `-` reads them from standard input, one at the beginning of each line',
        )
        .option('--note <text>', 'how you know; kept with the message'),
      [
        `messages ${word} sales_spring/ada/awareness/1/0/0`,
        `messages list sales_spring | campaign messages ${word} - --note "provider's log"`,
      ],
    ).action((keys: string[], options: WordOptions) =>
      runApiAction(options, (api) => resolve(api, word, keys, options)),
    );
  }
}

async function list(api: Api, campaign: string | undefined, { status, json }: ListOptions): Promise<boolean> {
  const path = campaign === undefined ? '/v1/messages' : `/v1/campaigns/${encodeURIComponent(campaign)}/messages`;
  const query = status === 'all' ? '' : `?status=${status}`;
  for (const message of await api.list<Message>(path + query)) {
    printLine(json ? JSON.stringify(message) : lineOf(message));
  }
  return true;
}

function lineOf({ _id, status, to, claimed_at, settled_at = claimed_at, attempts }: Message): string {
  const reason = attempts.at(-1)?.reason ?? '';
  return [_id, status, to, new Date(settled_at).toISOString(), reason]
    .map((cell) => cell.replace(/\s+/g, ' '))
    .join('\t');
}

/** Goes on behind a message that cannot be resolved; answers whether all could. */
async function resolve(api: Api, action: string, keys: readonly string[], { note }: WordOptions): Promise<boolean> {
  let all = true;
  for await (const [key] of wordsAndInput(keys)) {
    try {
      const answer = await api.post<Resolved>(`/v1/messages/${encodeURIComponent(key)}/resolve`, { action, note });
      printLine(
        `${key} is ${answer.status}${answer.resent_as === undefined ? '' : `, sent again as ${answer.resent_as}`}.`,
      );
    } catch (error) {
      if (!(error instanceof ApiError) || ![404, 409].includes(error.status)) throw error;
      process.stderr.write(`${explainProblem(error).message}\n`);
      all = false;
    }
  }
  return all;
}

interface Resolved {
  readonly status: string;
  readonly resent_as?: string;
}
