import type { Dose, Fault, Plan } from '../fault.js';
import { openAtOnce } from '../world/dials.js';
import { distantMongo, harmedMongo, harmedRedis, threeMembers } from '../world/harmed-services.js';
import type { Services } from '../world/services.js';
import type { World } from '../world/world.js';
import { steadyLoad } from './steady-load.js';

/** One blow to a service: it comes, lasts, and is over when the promise resolves. */
interface Blow<S extends Services> {
  readonly pauseMs: { readonly from: number; readonly to: number };
  /** How long one round takes, roughly, for a load that lasts. */
  readonly roundSeconds: number;
  strike(world: World<S>, n: number): Promise<void>;
}

const WORKERS = 2;

/** @param unknownEach what may be unknown after each blow. */
function outage<S extends Services>(
  about: { readonly name: string; readonly about: string; readonly unknownEach: () => number },
  services: ((shared: () => Promise<Services>) => Promise<S>) | undefined,
  { pauseMs, roundSeconds, strike }: Blow<S>,
): Fault {
  const plan = (dose: Dose): Plan<S> => ({
    loads: [steadyLoad(about.name, dose, 3 + dose.times * roundSeconds)],
    world: { workers: WORKERS, ...(services && { services }) },
    inject: async (world) => {
      for (let n = 0; n < dose.times && !(await world.over()); n++) {
        await world.wait(pauseMs.from + world.random() * (pauseMs.to - pauseMs.from));
        const struck = world.struck();
        await strike(world, n);
        struck.from = Date.now();
      }
    },
    allowance: ({ strikes }) => ({ unknownAtMost: strikes.length * about.unknownEach() }),
  });
  return { name: about.name, about: about.about, plan: plan as Fault['plan'] };
}

/** What is in flight when MongoDB goes away is recorded when it is back, if its lease has not run out by then. */
const openInAll = () => WORKERS * openAtOnce();

export const redisKill = outage(
  { name: 'redis-kill', about: 'SIGKILL of Redis, which keeps nothing; nothing may be unknown', unknownEach: () => 0 },
  harmedRedis,
  {
    pauseMs: { from: 1000, to: 2500 },
    roundSeconds: 3,
    strike: async ({ services, random, wait }) => {
      await services.victim.kill();
      await wait(random() * 1500);
      await services.victim.revive();
    },
  },
);

export const redisEmpty = outage(
  { name: 'redis-empty', about: 'FLUSHALL in the middle of the work; nothing may be unknown', unknownEach: () => 0 },
  harmedRedis,
  {
    pauseMs: { from: 500, to: 1500 },
    roundSeconds: 1,
    strike: async ({ redis }) => void (await redis.flushall()),
  },
);

export const redisSlow = outage(
  {
    name: 'redis-slow',
    about: 'Redis takes 0.2 s longer each way, for 3 s; nothing may be unknown',
    unknownEach: () => 0,
  },
  harmedRedis,
  {
    pauseMs: { from: 500, to: 1500 },
    roundSeconds: 4,
    strike: async ({ services, wait }) => {
      services.proxy.slow(200);
      await wait(3000);
      services.proxy.slow(0);
    },
  },
);

export const redisAway = outage(
  {
    name: 'redis-away',
    about: 'Redis refuses connections, or swallows everything, for 4 s; nothing may be unknown',
    unknownEach: () => 0,
  },
  harmedRedis,
  {
    pauseMs: { from: 1000, to: 2000 },
    roundSeconds: 5.5,
    strike: async ({ services, wait }, n) => {
      if (n % 2 === 0) services.proxy.refuse();
      else services.proxy.hold();
      await wait(4000);
      services.proxy.pass();
    },
  },
);

export const mongoKill = outage(
  {
    name: 'mongo-kill',
    about: 'SIGKILL of MongoDB, which comes back with its data within seconds',
    unknownEach: openInAll,
  },
  harmedMongo,
  {
    pauseMs: { from: 1500, to: 3500 },
    roundSeconds: 6,
    strike: async ({ services, random, wait }) => {
      await services.victim.kill();
      await wait(random() * 2000);
      await services.victim.revive();
    },
  },
);

export const mongoStepDown = outage(
  {
    name: 'mongo-step-down',
    about: 'the primary of three members steps down without waiting for the others, or is killed',
    unknownEach: openInAll,
  },
  threeMembers,
  {
    pauseMs: { from: 1500, to: 3000 },
    roundSeconds: 6,
    strike: async ({ services }, n) => {
      if (n % 2 === 0) return services.members.stepDown();
      const revive = await services.members.killPrimary();
      await revive();
    },
  },
);

export const mongoSlow = outage(
  {
    name: 'mongo-slow',
    about: 'MongoDB takes 0.1 s longer each way, or swallows everything, for 3 s',
    unknownEach: openInAll,
  },
  distantMongo,
  {
    pauseMs: { from: 1000, to: 2000 },
    roundSeconds: 5,
    strike: async ({ services, wait }, n) => {
      if (n % 2 === 0) services.proxy.slow(100);
      else services.proxy.hold();
      await wait(3000);
      services.proxy.slow(0);
      services.proxy.pass();
    },
  },
);
