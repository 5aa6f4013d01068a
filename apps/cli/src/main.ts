#!/usr/bin/env node
import { Command } from 'commander';
import { addExplain } from './commands/explain.js';
import { addImport } from './commands/import.js';
import { addLifecycle } from './commands/lifecycle.js';
import { addRespond } from './commands/respond.js';
import { addSimulate } from './commands/simulate.js';
import { addStatus } from './commands/status.js';
import { addValidate } from './commands/validate.js';
import { runDemo } from './demo/run-demo.js';
import { runCommand } from './run-command.js';
import { up } from './up/up.js';
import { wholeNumber } from './whole-number.js';

const program = new Command('campaign').description('Campaign Manager on this machine');

program
  .command('demo')
  .description('run both example campaigns to their end, in half a minute, and check them')
  .option('--kill', 'kill a worker and empty Redis in the middle', false)
  .option('--seed <number>', 'who the recipients are and how they behave', wholeNumber(0, 2 ** 32 - 1), 1)
  .action((options: { kill: boolean; seed: number }) =>
    runCommand((screen, teardown) => runDemo(options, screen, teardown), 'is cut short'),
  );

program
  .command('up')
  .description('keep the whole system up, with data that persists')
  .option('--workers <number>', 'worker processes', wholeNumber(1, 64), 2)
  .option('--port <number>', 'port of the api', wholeNumber(1, 65_535), 3000)
  .action((options: { workers: number; port: number }) =>
    runCommand((screen, teardown) => up(options, screen, teardown), 'is done'),
  );

for (const add of [addValidate, addSimulate, addImport, addLifecycle, addStatus, addRespond, addExplain]) add(program);

await program.parseAsync();
