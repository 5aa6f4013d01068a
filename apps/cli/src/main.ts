#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { SCHEMA_VERSION } from '@campaign-manager/core/store';
import { Command } from 'commander';
import { addArchive } from './commands/archive.js';
import { addBackup } from './commands/backup.js';
import { addChannels } from './commands/channels.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addErase } from './commands/erase.js';
import { addExplain } from './commands/explain.js';
import { addImport } from './commands/import.js';
import { addLifecycle } from './commands/lifecycle.js';
import { addMessages } from './commands/messages.js';
import { addMigrate } from './commands/migrate.js';
import { addRecipients } from './commands/recipients.js';
import { addRespond } from './commands/respond.js';
import { addRestore } from './commands/restore.js';
import { addRetry } from './commands/retry.js';
import { addSimulate } from './commands/simulate.js';
import { addStatus } from './commands/status.js';
import { addSuppressions } from './commands/suppressions.js';
import { addUp } from './commands/up.js';
import { addValidate } from './commands/validate.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = new Command('campaign')
  .description('Conversations with many people, over weeks, without a message lost or sent twice')
  .version(`${version} (schema ${SCHEMA_VERSION})`)
  .addHelpText('after', '\nEach command tells more with --help, examples included.');

const commands = [
  addDemo,
  addUp,
  addValidate,
  addSimulate,
  addImport,
  addLifecycle,
  addStatus,
  addRespond,
  addExplain,
  addRetry,
  addMessages,
  addSuppressions,
  addRecipients,
  addErase,
  addChannels,
  addMigrate,
  addArchive,
  addBackup,
  addRestore,
  addDoctor,
];
for (const add of commands) add(program);

await program.parseAsync();
