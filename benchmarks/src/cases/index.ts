import type { Case } from '../run.js';
import { growth } from './growth.js';
import { init } from './init.js';
import { latency } from './latency.js';
import { mail } from './mail.js';
import { memory } from './memory.js';
import { naive } from './naive.js';
import { reply } from './reply.js';
import { scale } from './scale.js';
import { step } from './step.js';

/** In the order in which they run: `latency` builds on the rate that `step` has measured. */
export const CASES: readonly Case[] = [init, step, mail, reply, naive, scale, latency, growth, memory];
