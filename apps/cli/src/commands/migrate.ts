import type { Migration } from '@campaign-manager/core/store';
import type { Command } from 'commander';
import { printJson, printLine, runAction } from '../run-action.js';

interface Options {
  readonly dropUnknownIndexes?: boolean;
  readonly json?: boolean;
}

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the schema of this version: collections, indexes, and the version itself')
    .option('--drop-unknown-indexes', 'drop the indexes that this version does not know; else they are listed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The first step of every installation and of every upgrade (docs/upgrades.md): the apps wait for it. It reads the same
environment variables as the apps, may be run again, and may run while older apps work.

Examples:
  $ campaign migrate
  $ campaign migrate --drop-unknown-indexes`,
    )
    .action((options: Options) => runAction(() => migrate(options)));
}

async function migrate({ dropUnknownIndexes = false, json }: Options): Promise<boolean> {
  const [{ withStore }, store] = await Promise.all([
    import('../database/with-store.js'),
    import('@campaign-manager/core/store'),
  ]);
  const migration = await withStore('migrate', (one) => store.migrate(one, { dropUnknown: dropUnknownIndexes }));
  if (json) printJson(migration);
  else for (const line of describe(migration)) printLine(line);
  return true;
}

function describe({ from, to, created, unknown, dropped }: Migration): readonly string[] {
  const schema = from === to ? `The database is at schema ${to}` : `The database went from schema ${from} to ${to}`;
  const nothing = from === to && created.length === 0 && !(dropped && unknown.length > 0);
  const told = (name: string) => (dropped ? `dropped  ${name}` : `unknown  ${name} (--drop-unknown-indexes drops it)`);
  return [
    ...created.map(({ collection, index }) => `created  ${collection} ${index}`),
    ...unknown.map(({ collection, index }) => told(`${collection} ${index}`)),
    nothing ? `${schema}: nothing to do.` : `${schema}.`,
  ];
}
