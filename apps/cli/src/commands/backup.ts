import type { Command } from 'commander';
import { runAction } from '../run-action.js';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write the whole database to a file, which `campaign restore` takes')
    .requiredOption(
      '--out <file>',
      'the file to write, such as backup.ndjson.gz, which must not exist; `-` is standard output',
    )
    .addHelpText(
      'after',
      `
It reads the same environment variables as the apps, and may run beside them. For large databases MongoDB's own mongodump
or snapshots of its disks serve as well; \`campaign restore --taken-at\` follows in any case (docs/backup.md).

Examples:
  $ campaign backup --out "backup-$(date -u +%Y%m%dT%H%M%SZ).ndjson.gz"
  $ kubectl exec deploy/trial-campaign-manager-api -- campaign backup --out - > backup.ndjson.gz`,
    )
    .action(({ out }: { readonly out: string }) => runAction(() => backup(out), 'is whole'));
}

async function backup(out: string): Promise<boolean> {
  const [{ dumpTo }, store] = await Promise.all([
    import('../database/dump-to.js'),
    import('@campaign-manager/core/store'),
  ]);
  await dumpTo(out, store.backup, { command: 'backup', done: 'backed up' });
  return true;
}
