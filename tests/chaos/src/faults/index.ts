import type { Fault } from '../fault.js';
import { apiKill } from './api-kill.js';
import { cancelRace } from './cancel-race.js';
import { olderVersion } from './older-version.js';
import { pauseRace } from './pause-race.js';
import { replyRace } from './reply-race.js';
import { schedulerKill } from './scheduler-kill.js';
import { schedulers } from './schedulers.js';
import { sigterm } from './sigterm.js';
import { workerKill } from './worker-kill.js';

/** Every fault of the suite, in the order in which `--help` names them. A new one is a file here and a line below. */
export const FAULTS: readonly Fault[] = [
  workerKill,
  schedulerKill,
  apiKill,
  schedulers,
  sigterm,
  replyRace,
  pauseRace,
  cancelRace,
  olderVersion,
];

/** Thrown when a profile or a caller names a fault that is none. */
export class UnknownFaultError extends Error {
  override readonly name = 'UnknownFaultError';

  constructor(fault: string) {
    super(`There is no fault '${fault}'; there are ${FAULTS.map(({ name }) => name).join(', ')}.`);
  }
}

export function findFault(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (!found) throw new UnknownFaultError(name);
  return found;
}
