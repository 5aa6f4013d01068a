import type { Command } from 'commander';
import { type Api, ApiError } from '../api-client.js';
import { CliError } from '../cli-error.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { explainProblem } from '../remote/explain-problem.js';
import { printLine } from '../run-action.js';
import { createScreen } from '../screen.js';

interface Conversation {
  readonly _id: string;
  readonly status: string;
}

/** Requests on their way at once. */
const AT_ONCE = 10;
const NOT_FOUND = 404;
const CONFLICT = 409;

/** Lets what is blocked try again, when its cause has been mended (docs/operations.md). */
export function addRetry(program: Command): void {
  const command = program
    .command('retry')
    .description('let blocked conversations try again, when what blocked them has been mended')
    .argument(
      '<target>',
      'id of a campaign, for all of its blocked conversations, or of one conversation: campaign/recipient',
    );
  withApi(command, ['retry sales_spring', 'retry sales_spring/ada']).action((target: string, options: ApiOptions) =>
    runApiAction(options, (api) => retry(api, target)),
  );
}

async function retry(api: Api, target: string): Promise<boolean> {
  const screen = createScreen(process.stdout);
  let released = 0;
  try {
    for await (const blocked of target.includes('/') ? one(api, target) : allOf(api, target)) {
      released += await release(api, blocked);
      screen.redraw([`${released} released ...`]);
    }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== NOT_FOUND) throw error;
    throw new CliError(explainProblem(error).message, { hint: HINT });
  }
  screen.redraw([]);
  printLine(released === 0 ? `In ${target}, nothing is blocked.` : `${counted(released)} released in ${target}.`);
  return true;
}

const HINT = 'give the `_id` of a campaign, or campaign and recipient joined by a slash: sales_spring/ada';

async function* one(api: Api, id: string): AsyncGenerator<readonly Conversation[]> {
  const conversation = await api.get<Conversation>(`/v1/conversations/${encodeURIComponent(id)}`);
  yield conversation.status === 'blocked' ? [conversation] : [];
}

/** Page by page in the order of their ids: one that is blocked again at once is not met a second time. */
function allOf(api: Api, campaign: string): AsyncGenerator<readonly Conversation[]> {
  return api.pages<Conversation>(`/v1/campaigns/${encodeURIComponent(campaign)}/conversations?status=blocked`);
}

/** Answers how many of them were released: one that has ended meanwhile needs nothing more. */
async function release(api: Api, blocked: readonly Conversation[]): Promise<number> {
  let released = 0;
  for (let start = 0; start < blocked.length; start += AT_ONCE) {
    const answers = await Promise.all(blocked.slice(start, start + AT_ONCE).map(({ _id }) => tell(api, _id)));
    released += answers.filter((taken) => taken).length;
  }
  return released;
}

async function tell(api: Api, id: string): Promise<boolean> {
  try {
    await api.post(`/v1/conversations/${encodeURIComponent(id)}/commands`, { name: 'retry' });
    return true;
  } catch (error) {
    if (error instanceof ApiError && [NOT_FOUND, CONFLICT].includes(error.status)) return false;
    throw error;
  }
}

function counted(count: number): string {
  return count === 1 ? '1 blocked conversation was' : `${count} blocked conversations were`;
}
