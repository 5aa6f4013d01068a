import type { Command } from 'commander';
import { withFileFormat } from '../import/file-format.js';
import { type ImportOptions, importFile } from '../import/import-file.js';
import { audienceOf, RECIPIENTS, type Target } from '../import/targets.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { createScreen } from '../screen.js';

type Options = ApiOptions & ImportOptions;

export function addImport(program: Command): void {
  const parent = program.command('import').description('bring recipients and audiences in, from CSV or NDJSON');

  withFormat(parent.command('recipients'))
    .description('store recipients, replacing those that exist')
    .argument(
      '<file>',
      'one recipient per row; the column `_id` is needed, `consent.email` and the like are understood',
    )
    .action((file: string, options: Options) => run(RECIPIENTS, file, options));

  withFormat(parent.command('audience'))
    .description("add members to a draft's audience")
    .argument('<campaign>', 'id of the campaign')
    .argument('<file>', 'one member per row; beside `recipient_id`, every column is context, such as `ticket.id`')
    .action((campaign: string, file: string, options: Options) => run(audienceOf(campaign), file, options));
}

function withFormat(command: Command): Command {
  const example =
    command.name() === 'recipients' ? 'import recipients people.csv' : 'import audience support_march tickets.ndjson';
  return withApi(withFileFormat(command), [
    example,
    `${example.replace(/\.\w+$/, '.txt')} --format csv --delimiter ';'`,
  ]);
}

function run(target: Target, file: string, options: Options): Promise<void> {
  const screen = createScreen(process.stdout);
  return runApiAction(options, (api) => importFile(api, target, file, options, screen));
}
