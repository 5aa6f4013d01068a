import type { Case } from '../run.js';
import { growth } from './growth.js';
import { init } from './init.js';
import { latency } from './latency.js';
import { mail } from './mail.js';
import { memory } from './memory.js';
import { mongodbSize } from './mongodb-size.js';
import { naive } from './naive.js';
import { redisSize } from './redis-size.js';
import { reply } from './reply.js';
import { scaleApis, scaleSchedulers, scaleThreads, scaleWorkers } from './scale.js';
import { step } from './step.js';

/** In the order in which they run: `latency` builds on the rate that `step` has measured. */
export const CASES: readonly Case[] = [
  init,
  step,
  mail,
  reply,
  naive,
  scaleWorkers,
  scaleThreads,
  scaleSchedulers,
  scaleApis,
  redisSize,
  mongodbSize,
  latency,
  growth,
  memory,
];
