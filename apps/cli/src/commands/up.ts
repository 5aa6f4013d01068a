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
    .addHelpText(
      'after',
      `
It tells the addresses of MongoDB and Redis and the ports of health and metrics. With METRICS_PORT, the scheduler has that
port, the api the next, and the workers those after it; without it, each has a free one.

Examples:
  $ campaign up
  $ campaign up --workers 4 --port 8080
  $ METRICS_PORT=9090 campaign up`,
    )
    .action((options: UpOptions) =>
      runCommand(async (screen, teardown) => {
        const { up } = await developmentOnly(() => import('../up/up.js'));
        return up(options, screen, teardown);
      }, 'is done'),
    );
}
