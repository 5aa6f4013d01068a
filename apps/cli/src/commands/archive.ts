import type { Command } from 'commander';
import { runAction } from '../run-action.js';

export function addArchive(program: Command): void {
  program
    .command('archive')
    .description('write everything of one campaign to a file, one document a line')
    .argument('<campaign>', 'id of the campaign')
    .requiredOption(
      '--out <file>',
      'the file to write, such as sales_spring.ndjson.gz, which must not exist; `-` is standard output',
    )
    .addHelpText(
      'after',
      `
It reads the same environment variables as the apps. The file is gzip with one document a line, as extended JSON beside
the name of its collection: the campaign, its template, audience, conversations, history, messages, replies, escalations
and audit entries. It changes nothing; docs/retention.md tells what may be removed afterwards.

Examples:
  $ campaign archive sales_spring --out sales_spring.ndjson.gz
  $ zcat sales_spring.ndjson.gz | grep '"collection":"messages"' | wc -l`,
    )
    .action((campaign: string, { out }: { readonly out: string }) =>
      runAction(() => archive(campaign, out), 'is whole'),
    );
}

async function archive(campaign: string, out: string): Promise<boolean> {
  const [{ dumpTo }, store] = await Promise.all([
    import('../database/dump-to.js'),
    import('@campaign-manager/core/store'),
  ]);
  await dumpTo(out, (one) => store.archive(one, campaign), { command: 'archive', of: campaign, done: 'archived' });
  return true;
}
