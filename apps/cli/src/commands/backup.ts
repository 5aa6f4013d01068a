import type { Command } from 'commander';
import { printLine, runAction } from '../run-action.js';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write the whole database to a file, which `campaign restore` takes')
    .requiredOption('--out <file>', 'the file to write, such as backup.ndjson.gz; it must not exist')
    .addHelpText(
      'after',
      `
It reads the same environment variables as the apps, and may run beside them. For large databases MongoDB's own mongodump
or snapshots of its disks serve as well; \`campaign restore --taken-at\` follows in any case (docs/backup.md).

Example:
  $ campaign backup --out "backup-$(date -u +%Y%m%dT%H%M%SZ).ndjson.gz"`,
    )
    .action(({ out }: { readonly out: string }) => runAction(() => backup(out)));
}

async function backup(out: string): Promise<boolean> {
  const [{ withStore }, { writeDump }, store] = await Promise.all([
    import('../database/with-store.js'),
    import('../database/dump-file.js'),
    import('@campaign-manager/core/store'),
  ]);
  const lines = await withStore('backup', (one) => writeDump(out, store.backup(one)));
  printLine(`${lines - 2} documents backed up to ${out}`);
  return true;
}
