import { readFile } from 'node:fs/promises';
import { environment } from '@campaign-manager/runtime';
import type { Command } from 'commander';
import { type Api, ApiError, createApi } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { stateFile } from '../project-files.js';
import { runAction } from '../run-action.js';
import { explainProblem } from './explain-problem.js';

export interface ApiOptions {
  readonly api?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Beside an api, as in its container, its own key serves. It has all rights, so it is never told to another machine. */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

const HELP = `
The api is at --api, else CAMPAIGN_API_URL, else ${DEFAULT_URL}. The key is in CAMPAIGN_API_KEY, else, where
the api is on this machine, in API_BOOTSTRAP_KEY, else in the file that \`npm start\` made (.campaign/api-key).
`;

/** Gives a command what every command against the api has: the option and what its help says of it. */
export function withApi(command: Command, examples: readonly string[]): Command {
  const lines = examples.map((example) => `  $ campaign ${example}`);
  return command
    .option('--api <url>', 'where the api is')
    .addHelpText('after', `${HELP}\nExamples:\n${lines.join('\n')}`);
}

/** Runs what a command does with the api; its problems become one line and a hint. */
export function runApiAction(options: ApiOptions, action: (api: Api) => Promise<boolean>): Promise<void> {
  return runAction(async () => {
    const url = urlOf(options);
    const api = createApi(url, await apiKey(url));
    return action(api).catch((error: unknown) => {
      if (error instanceof ApiError) throw explainProblem(error);
      if (error instanceof SyntaxError)
        throw new CliError(`What answers at ${url} is not the api of Campaign Manager.`);
      throw isUnreachable(error) ? unreachable(url, error) : error;
    });
  });
}

function urlOf({ api }: ApiOptions): string {
  const given = api ?? (environment()['CAMPAIGN_API_URL'] || DEFAULT_URL);
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given.replace(/\/+$/, '');
  throw new CliError(`The address of the api must begin with http:// or https://, but it is ${given}.`, {
    hint: 'look at --api and CAMPAIGN_API_URL',
  });
}

async function apiKey(url: string): Promise<string> {
  const { CAMPAIGN_API_KEY: given, API_BOOTSTRAP_KEY: bootstrap } = environment();
  if (given) return given;
  if (bootstrap && LOOPBACK.has(new URL(url).hostname)) return bootstrap;
  const key = await readFile(stateFile('api-key'), 'utf8').catch(() => '');
  if (key.trim() !== '') return key.trim();
  throw new CliError('There is no API key.', {
    hint: 'set CAMPAIGN_API_KEY, or run `npm start` here, which makes one',
  });
}

/** What `fetch` throws where no answer comes; the reason is its cause. */
function isUnreachable(error: unknown): error is TypeError {
  return error instanceof TypeError && error.cause instanceof Error;
}

function unreachable(url: string, { cause }: TypeError): CliError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return new CliError(`The api at ${url} cannot be reached: ${code}.`, {
    hint: 'start it (`npm start`), or say where it is with --api or CAMPAIGN_API_URL',
  });
}
