import type { Command } from 'commander';
import { writeExport } from '../export/write-export.js';
import { type ApiOptions, runApiAction, withApi } from '../remote/api-action.js';
import { createScreen } from '../screen.js';

export function addRecipients(program: Command): void {
  const parent = program.command('recipients').description('what is stored about recipients');

  withApi(
    parent
      .command('export')
      .description('everything that is stored about one, as NDJSON: a line for each document of each collection')
      .argument('<recipient>', 'id of the recipient')
      .argument('[file]', 'default: standard output'),
    ['recipients export ada ada.ndjson', 'recipients export ada | jq .collection'],
  ).action((id: string, file: string | undefined, options: ApiOptions) =>
    runApiAction(options, async (api) => {
      const stream = await api.getStream(`/v1/recipients/${encodeURIComponent(id)}/export`);
      await writeExport(stream, file, { unit: 'documents', quotes: false }, createScreen(process.stdout));
      return true;
    }),
  );
}
