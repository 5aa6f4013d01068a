import type { Dose, Fault } from './fault.js';
import { findFault } from './faults/index.js';

/** One run of a fault in a profile. */
export interface Entry extends Dose {
  readonly fault: Fault;
  readonly deadlineSeconds: number;
}

const ONCE = 'at_most_once' as const;
const AGAIN = 'at_least_once' as const;

type Line = readonly [name: string, times: number, recipients: number, policy: Dose['policy'], deadlineSeconds: number];

/** What each profile runs. Recipients are those of each campaign where a fault keeps launching them. */
const PROFILES = {
  smoke: [
    ['worker-kill', 3, 60, ONCE, 80],
    ['reply-race', 1, 30, ONCE, 80],
    ['api-kill', 3, 40, ONCE, 80],
  ],
  quick: [
    ['worker-kill', 6, 120, ONCE, 150],
    ['worker-kill', 4, 100, AGAIN, 150],
    ['scheduler-kill', 3, 80, ONCE, 120],
    ['api-kill', 6, 160, ONCE, 120],
    ['schedulers', 6, 80, ONCE, 120],
    ['sigterm', 5, 100, ONCE, 120],
    ['reply-race', 1, 60, ONCE, 120],
    ['pause-race', 2, 100, ONCE, 120],
    ['cancel-race', 4, 160, ONCE, 120],
    ['older-version', 1, 40, ONCE, 120],
    ['redis-empty', 3, 60, ONCE, 120],
    ['board', 3, 40, ONCE, 150],
    ['smtp-mix', 1, 60, AGAIN, 120],
  ],
  full: [
    ['worker-kill', 200, 400, ONCE, 1200],
    ['worker-kill', 40, 300, AGAIN, 600],
    ['scheduler-kill', 20, 150, ONCE, 400],
    ['api-kill', 40, 400, ONCE, 400],
    ['schedulers', 30, 150, ONCE, 400],
    ['sigterm', 30, 200, ONCE, 600],
    ['reply-race', 1, 600, ONCE, 300],
    ['pause-race', 15, 300, ONCE, 400],
    ['cancel-race', 20, 1000, ONCE, 400],
    ['older-version', 1, 40, ONCE, 120],
    ['worker-stop', 3, 60, ONCE, 300],
    ['worker-stop', 3, 60, AGAIN, 300],
    ['worker-cut-off', 4, 60, ONCE, 300],
    ['worker-cut-off', 4, 60, AGAIN, 300],
    ['redis-kill', 8, 100, ONCE, 180],
    ['redis-empty', 20, 150, ONCE, 180],
    ['redis-slow', 4, 100, ONCE, 180],
    ['redis-away', 6, 100, ONCE, 240],
    ['board', 20, 150, ONCE, 300],
    ['mongo-kill', 6, 80, ONCE, 240],
    ['mongo-step-down', 4, 60, ONCE, 240],
    ['mongo-slow', 6, 80, ONCE, 240],
    ['clock-off', 2, 100, ONCE, 180],
    ['clock-jump', 6, 100, ONCE, 180],
    ['smtp-hang', 1, 150, ONCE, 240],
    ['smtp-mix', 1, 250, ONCE, 240],
    ['smtp-mix', 2, 250, AGAIN, 240],
  ],
} as const satisfies Readonly<Record<string, readonly Line[]>>;

/** Faults at once: a short run spends most of its time waiting for leases; a full one measures recovery undisturbed. */
const AT_ONCE = { smoke: 2, quick: 2, full: 1 } as const;

export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

export function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

export function atOnce(profile: ProfileName): number {
  return AT_ONCE[profile];
}

/** @param only runs nothing but the fault of this name. */
export function entriesOf(profile: ProfileName, only?: string): Entry[] {
  return (PROFILES[profile] as readonly Line[])
    .filter(([name]) => only === undefined || name === only)
    .map(([name, times, recipients, policy, deadlineSeconds]) => ({
      fault: findFault(name),
      times,
      recipients,
      policy,
      deadlineSeconds,
    }));
}
