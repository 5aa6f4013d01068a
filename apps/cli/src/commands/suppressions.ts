import { CHANNEL_NAMES, SUPPRESSION_REASONS } from '@campaign-manager/core/schemas';
import { type Command, Option } from 'commander';
import type { Api } from '../api-client.js';
import { type ExportOptions, exportSuppressions } from '../export/export-suppressions.js';
import { withFileFormat } from '../import/file-format.js';
import { FORMATS, type ImportOptions, importFile } from '../import/import-file.js';
import { suppressionsOf } from '../import/targets.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { printJson, printLine } from '../run-action.js';
import { createScreen } from '../screen.js';

const PATH = '/v1/suppressions';

interface AddOptions extends ApiOptions {
  readonly reason?: string;
  readonly source?: string;
  readonly json?: boolean;
}

interface Entry {
  readonly channel: string;
  readonly address: string;
  readonly reason: string;
}

/** list, add, remove, import and export of the addresses that must not be written to. */
export function addSuppressions(program: Command): void {
  const parent = program.command('suppressions').description('addresses that must not be written to');

  withApi(
    parent
      .command('list')
      .description('print the list as CSV')
      .addOption(new Option('--channel <channel>', 'of one channel only').choices(CHANNEL_NAMES))
      .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('csv')),
    ['suppressions list --channel email', 'suppressions list | grep bounce | wc -l'],
  ).action((options: ApiOptions & ExportOptions) =>
    runApiAction(options, (api) => exportSuppressions(api, undefined, options, createScreen(process.stdout))),
  );

  withApi(
    withAddress(parent.command('add'))
      .description('suppress an address; one that is suppressed stays as it is, unless it bounced only')
      .addOption(new Option('--reason <reason>', 'default: manual').choices(SUPPRESSION_REASONS))
      .option('--source <text>', 'where you know it from')
      .option('--json', "print the api's answer"),
    ['suppressions add email ada@example.com --source "she phoned"'],
  ).action((channel: string, address: string, options: AddOptions) =>
    runApiAction(options, (api) => add(api, channel, address, options)),
  );

  withApi(withAddress(parent.command('remove')).description('take an address off the list: it is written to again'), [
    'suppressions remove email ada@example.com',
  ]).action((channel: string, address: string, options: ApiOptions) =>
    runApiAction(options, (api) => remove(api, channel, address)),
  );

  withApi(
    withFileFormat(parent.command('import'))
      .description('suppress every address of a file; those that are suppressed stay as they are')
      .argument(
        '<file>',
        'one per row; columns `channel`, `address` and, if you like, `reason`, `source`, `created_at`',
      )
      .addOption(new Option('--channel <channel>', 'of rows that name none').choices(CHANNEL_NAMES)),
    ['suppressions import suppressions.csv', 'suppressions import unsubscribed.csv --channel email'],
  ).action((file: string, options: ApiOptions & ImportOptions & { readonly channel?: string }) =>
    runApiAction(options, (api) =>
      importFile(api, suppressionsOf(options.channel), file, options, createScreen(process.stdout)),
    ),
  );

  withApi(
    parent
      .command('export')
      .description('write the list to a file, or to standard output; `import` takes it as it is')
      .argument('[file]', 'whose ending tells the format, such as suppressions.csv')
      .addOption(new Option('--channel <channel>', 'of one channel only').choices(CHANNEL_NAMES))
      .addOption(new Option('--format <format>', 'default: by the ending of the name, else csv').choices(FORMATS)),
    ['suppressions export suppressions.csv', 'suppressions export --format ndjson | gzip > suppressions.ndjson.gz'],
  ).action((file: string | undefined, options: ApiOptions & ExportOptions) =>
    runApiAction(options, (api) => exportSuppressions(api, file, options, createScreen(process.stdout))),
  );
}

function withAddress(command: Command): Command {
  return command
    .argument('<channel>', CHANNEL_NAMES.join(', '))
    .argument('<address>', 'email address; of webhook: id of the recipient');
}

async function add(api: Api, channel: string, address: string, options: AddOptions): Promise<boolean> {
  const { reason, source, json } = options;
  const entry = await api.post<Entry>(PATH, { channel, address, reason, source });
  if (json) printJson(entry);
  else printLine(`${entry.address} is suppressed on ${entry.channel} (${entry.reason}).`);
  return true;
}

async function remove(api: Api, channel: string, address: string): Promise<boolean> {
  await api.delete(`${PATH}/${encodeURIComponent(`${channel}:${address}`)}`);
  printLine(`${address} is no longer suppressed on ${channel}.`);
  return true;
}
