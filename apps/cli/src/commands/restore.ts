import type { Restored } from '@campaign-manager/core/store';
import { type Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.js';
import { printJson, printLine, runAction } from '../run-action.js';

interface Options {
  readonly takenAt?: Date;
  readonly json?: boolean;
}

export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('bring a backup into an empty database, and see to it that nothing is sent twice')
    .argument(
      '[file]',
      'what `campaign backup` wrote, `-` is standard input; without it, the database was restored by other means',
    )
    .option('--taken-at <time>', 'without a file: when that backup was begun, such as 2026-03-01T02:00:00Z', instant)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
No app may be at work on the database. What was sent after the backup was begun is not in its ledger. So every campaign
that may have sent something since is paused as of the backup, and what it decides for the time until now becomes
\`unknown\` instead of being sent: you confirm, resend or abandon it. docs/backup.md tells the steps.

Examples:
  $ campaign restore backup.ndjson.gz
  $ docker compose run --rm --no-deps -T api campaign restore - < backup.ndjson.gz
  $ mongorestore --gzip --archive=backup.gz && campaign restore --taken-at 2026-03-01T02:00:00Z`,
    )
    .action((file: string | undefined, options: Options) => runAction(() => restore(file, options)));
}

function instant(text: string): Date {
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('It must be a date with time and zone, such as 2026-03-01T02:00:00Z.');
}

async function restore(file: string | undefined, { takenAt, json }: Options): Promise<boolean> {
  if ((file === undefined) === (takenAt === undefined)) {
    throw new CliError('Either a file or --taken-at is needed.', { hint: 'campaign restore --help' });
  }
  const [{ restoreInto }, { withStore }] = await Promise.all([
    import('../database/restore-into.js'),
    import('../database/with-store.js'),
  ]);
  const told = await withStore('restore', (store, { pollingIntervalMs }) =>
    restoreInto(store, { file, takenAt, marginMs: 2 * pollingIntervalMs }),
  );
  if (json) printJson(told);
  else for (const line of describe(told)) printLine(line);
  return true;
}

function describe(told: Restored & { taken_at: Date; until: Date }): string[] {
  const { taken_at, until, held, drafts, unknown, replies, dropped } = told;
  return [
    `Restored as of ${taken_at.toISOString()}. What was sent from then until ${until.toISOString()} is not in the ledger.`,
    ...held.map(({ _id, status, held_as, in_doubt }) =>
      held_as === 'draft'
        ? `held   ${_id} (was ${status}): a draft again; launch it anew if it is still to start`
        : `held   ${_id} (was ${status}): paused; ${in_doubt} conversations had something due in that time`,
    ),
    ...dropped.map((id) => `gone   ${id}: it was created while the backup ran; what the backup has of it was dropped`),
    ...drafts.map((id) => `draft  ${id}: if it was launched in that time, do not launch it again`),
    `${unknown} messages that were on their way are unknown now.`,
    `${replies} replies of the time of the backup are routed again.`,
    'Next: take in again what was received in that time, replies and opt-outs first; then `campaign resume <campaign>`.',
    'What each campaign decides for that time becomes unknown: `campaign messages list` shows it (docs/backup.md).',
  ];
}
