import type { Command } from 'commander';
import { developmentOnly } from '../development-only.js';
import { runCommand } from '../run-command.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly kill: boolean;
  readonly seed: number;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('run both example campaigns to their end, in half a minute, and check them')
    .option('--kill', 'kill a worker and empty Redis in the middle', false)
    .option('--seed <number>', 'who the recipients are and how they behave', wholeNumber(0, 2 ** 32 - 1), 1)
    .addHelpText('after', '\nExamples:\n  $ campaign demo\n  $ campaign demo --kill --seed 7')
    .action((options: Options) =>
      runCommand(async (screen, teardown) => {
        const { runDemo } = await developmentOnly(() => import('../demo/run-demo.js'));
        return runDemo(options, screen, teardown);
      }, 'is cut short'),
    );
}
