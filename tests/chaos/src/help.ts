import { FAULTS } from './faults/index.js';

const widest = Math.max(...FAULTS.map(({ name }) => name.length));

export const HELP = `Injects faults into the running system and counts what became of every message.

Usage: pnpm chaos [--profile smoke|quick|full] [--only <fault>] [--seed <n>] [--tasks <n>] [--batch <n>]
                  [--json <file>] [--markdown <file>]

  --profile   smoke takes at most 90 seconds, quick 5 minutes (default), full an hour
  --only      runs one fault of the profile
  --seed      makes the same choices again; the timing of processes is their own (default 1)
  --tasks     WORKER_CONCURRENT_TASKS of each worker (default 8: so little can be on its way that bounds are tight)
  --batch     CAMPAIGN_MAX_BATCH_SIZE (default 50)
  --json      writes the results to a file
  --markdown  writes the table to a file

Real processes, a real MongoDB and Redis, and a mail server that writes down each mail, with fsync, before it says that
it has it. What must leave is worked out from the size of the campaign alone, and compared with that journal and with
the ledger.

  injected    how often the fault struck
  expected    messages that had to leave
  accepted    messages that the mail server took
  duplicates  acceptances too many: 0 under at_most_once; under at_least_once each must be explained by an attempt in
              the ledger whose end nobody knew
  lost        messages neither accepted nor visibly accounted for (unknown, refused, cancelled by the fault)
  unknown     messages of which the ledger says that nobody knows: at most what was on its way, or had left and
              was not recorded yet, when the fault struck
  recovery    from each injection (or the end of one that lasts) to the first acceptance after it;
              of api-kill to the first request that is answered
  verdict     holds, or FAILED: a duplicate, a loss or any other promise that was not kept; then the exit code is 1

Faults:
${FAULTS.map(({ name, about }) => `  ${name.padEnd(widest)}  ${about}`).join('\n')}
`;
