import type { Fault } from '../fault.js';
import { apiKill } from './api-kill.js';
import { board } from './board.js';
import { cancelRace } from './cancel-race.js';
import { clockJump, clockOff } from './clocks.js';
import { olderVersion } from './older-version.js';
import { mongoKill, mongoSlow, mongoStepDown, redisAway, redisEmpty, redisKill, redisSlow } from './outages.js';
import { pauseRace } from './pause-race.js';
import { replyRace } from './reply-race.js';
import { schedulerKill } from './scheduler-kill.js';
import { schedulers } from './schedulers.js';
import { sigterm } from './sigterm.js';
import { smtpHang, smtpMix } from './smtp.js';
import { workerCutOff } from './worker-cut-off.js';
import { workerKill } from './worker-kill.js';
import { workerStop } from './worker-stop.js';

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
  workerStop,
  workerCutOff,
  redisKill,
  redisEmpty,
  redisSlow,
  redisAway,
  board,
  mongoKill,
  mongoStepDown,
  mongoSlow,
  clockOff,
  clockJump,
  smtpHang,
  smtpMix,
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
