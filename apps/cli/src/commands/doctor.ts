import { environment } from '@campaign-manager/runtime';
import type { Command } from 'commander';
import { describeFinding } from '../doctor/finding.js';
import { printJson, printLine, runAction } from '../run-action.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at configuration, MongoDB, Redis, mail server and clock, and tell how to mend what is wrong')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
It reads the same environment variables as the apps (docs/configuration.md), so run it where they run. It changes nothing.
Exits with 1 where something is wrong.

Examples:
  $ campaign doctor
  $ MONGODB_URI=mongodb://db.example.com:27017 REDIS_URL=redis://cache.example.com campaign doctor`,
    )
    .action(({ json }: { json?: boolean }) => runAction(() => doctor(json === true)));
}

async function doctor(json: boolean): Promise<boolean> {
  // The drivers take time to load, and no other command of this kind needs them.
  const { examine } = await import('../doctor/examine.js');
  const findings = await examine(environment());
  if (json) printJson(findings);
  else for (const line of findings.flatMap(describeFinding)) printLine(line);
  return findings.every(({ ok }) => ok);
}
