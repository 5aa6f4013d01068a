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

/** What each profile runs, one after the other: fault, times, recipients, policy, deadline in seconds. */
const PROFILES = {
  smoke: [['worker-kill', 3, 150, ONCE, 60]],
  quick: [
    ['worker-kill', 10, 300, ONCE, 90],
    ['worker-kill', 5, 200, AGAIN, 90],
  ],
  full: [
    ['worker-kill', 200, 1500, ONCE, 900],
    ['worker-kill', 40, 500, AGAIN, 300],
  ],
} as const satisfies Readonly<Record<string, readonly Line[]>>;

export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

export function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
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
