import type { Command } from 'commander';
import { developmentOnly } from '../development-only.js';
import { runCommand } from '../run-command.js';
import type { UpOptions } from '../up/up.js';
import { wholeNumber } from '../whole-number.js';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('keep the whole system up, with data that persists')
    .option('--workers <number>', 'worker processes', wholeNumber(1, 64), 2)
    .option('--port <number>', 'port of the api', wholeNumber(1, 65_535), 3000)
    .addHelpText('after', '\nExamples:\n  $ campaign up\n  $ campaign up --workers 4 --port 8080')
    .action((options: UpOptions) =>
      runCommand(async (screen, teardown) => {
        const { up } = await developmentOnly(() => import('../up/up.js'));
        return up(options, screen, teardown);
      }, 'is done'),
    );
}
