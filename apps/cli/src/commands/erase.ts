import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { type Api, ApiError } from '../api-client.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { printJson, printLine } from '../run-action.js';
import { wholeNumber } from '../whole-number.js';
import { wordsAndInput } from '../words-and-input.js';

interface Options extends ApiOptions {
  readonly json?: boolean;
  readonly wait: number;
}

interface Receipt {
  readonly id: string;
  readonly recipient_id: string;
  readonly status: 'pending' | 'complete';
  readonly erased: Readonly<Record<string, number>>;
  readonly ended_conversations: number;
  readonly suppressed_addresses: number;
  readonly awaited: Readonly<Record<'messages' | 'decisions' | 'campaigns', number>>;
}

const DEFAULT_WAIT_SECONDS = 120;
const PAUSE_MS = 1000;
const NOT_FOUND = 404;

export function addErase(program: Command): void {
  const command = program
    .command('erase')
    .description('erase everything personal of recipients; statistics and the wish for no more messages stay')
    .argument(
      '<recipient...>',
      'ids of recipients; `-` reads from standard input what `campaign erasures` printed, or one id a line',
    )
    .option(
      '--wait <seconds>',
      'for each, for messages that are on the wire',
      wholeNumber(0, 86_400),
      DEFAULT_WAIT_SECONDS,
    )
    .option('--json', 'print the receipts, one a line');
  withApi(command, ['erase ada', 'erase ada --json >> receipts.ndjson', 'erase - < erased.txt']).action(
    (ids: readonly string[], options: Options) => runApiAction(options, (api) => eraseAll(api, ids, options)),
  );

  withApi(
    program
      .command('erasures')
      .description('list who was erased: ids of recipients, each once with its latest receipt, a tab between them')
      .option('--json', 'print the receipts'),
    ['erasures > erased.new && mv erased.new erased.txt', 'erasures --json'],
  ).action((options: ApiOptions & { readonly json?: boolean }) =>
    runApiAction(options, (api) => list(api, options.json === true)),
  );
}

/**
 * Goes on behind a recipient who is unknown or whose erasure has to wait; answers whether all is complete. A line with a
 * receipt that the database has is no reason to erase again: whoever has been brought in anew since is somebody else.
 */
async function eraseAll(api: Api, ids: readonly string[], { json, wait }: Options): Promise<boolean> {
  const several = ids.length > 1 || ids[0] === '-';
  let all = true;
  let complete: ReadonlySet<string> | undefined;
  for await (const [id, listed] of wordsAndInput(ids)) {
    if (listed !== undefined) {
      complete ??= await completeReceipts(api);
      if (complete.has(listed)) {
        process.stderr.write(`${id}: erased already, with the receipt ${listed}; passed over.\n`);
        continue;
      }
    }
    const receipt = await erase(api, id, wait).catch((error: unknown) => {
      if (several && error instanceof ApiError && error.status === NOT_FOUND) return null; // nothing is left to do
      throw error;
    });
    if (!receipt) process.stderr.write(`${id}: nothing is known of such a recipient.\n`);
    else if (receipt.status === 'pending') {
      process.stderr.write(`${pendingOf(receipt)}\n`);
      all = false;
    } else if (json) printLine(JSON.stringify(receipt));
    else for (const line of linesOf(receipt)) printLine(line);
  }
  if (!all) process.stderr.write(`${HINT}\n`);
  return all;
}

async function completeReceipts(api: Api): Promise<ReadonlySet<string>> {
  const receipts = await api.list<Receipt>('/v1/erasures');
  return new Set(receipts.filter(({ status }) => status === 'complete').map(({ id }) => id));
}

const HINT =
  'Hint: see that workers and scheduler run, and give the same command again; nothing more is sent to them meanwhile';

/** Asks until the erasure is complete, each time going on where the one before had to wait, or until time is up. */
async function erase(api: Api, id: string, waitSeconds: number): Promise<Receipt> {
  const giveUpAt = performance.now() + waitSeconds * 1000;
  for (;;) {
    const receipt = await api.post<Receipt>(`/v1/recipients/${encodeURIComponent(id)}/erasure`, {});
    if (receipt.status === 'complete' || performance.now() >= giveUpAt) return receipt;
    await pause(PAUSE_MS);
  }
}

function pendingOf({ recipient_id, awaited }: Receipt): string {
  const { messages, decisions, campaigns } = awaited;
  const what = `${messages} messages on the wire, ${decisions} decisions under way, ${campaigns} campaigns that start`;
  return `The erasure of ${recipient_id} is not complete: it waits for ${what}.`;
}

function linesOf({ recipient_id, erased, ended_conversations, suppressed_addresses }: Receipt): string[] {
  const counts = Object.entries(erased).map(([collection, count]) => `  ${collection}: ${count}`);
  return [
    `${recipient_id} is erased; ${ended_conversations} open conversations were ended.`,
    ...counts,
    ...(suppressed_addresses > 0 ? [`  kept: ${suppressed_addresses} addresses that want no messages`] : []),
  ];
}

async function list(api: Api, json: boolean): Promise<boolean> {
  const receipts = await api.list<Receipt>('/v1/erasures');
  if (json) printJson(receipts);
  else {
    const latest = new Map(receipts.map(({ recipient_id, id }) => [recipient_id, id])); // the oldest come first
    for (const cells of latest) printLine(cells.join('\t'));
  }
  return true;
}
