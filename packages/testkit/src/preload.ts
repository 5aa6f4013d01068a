import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string>>;

/** Points of a message's delivery between claim and record; `preload/stop-points.cjs` says what each is. */
export const STOP_POINTS = ['claimed', 'before-gate', 'after-gate', 'accepted'] as const;
export type StopPoint = (typeof STOP_POINTS)[number];

/** Environment of an app whose clock is so many milliseconds ahead of the machine's; negative: behind. */
export function clockShifted(ms: number): Environment {
  return { ...preload('clock-shift.cjs'), CLOCK_SHIFT_MS: String(ms) };
}

/** Environment of an app whose clock jumps so many milliseconds at each SIGUSR2: away, and back again. */
export function clockJumping(ms: number): Environment {
  return { ...clockShifted(ms), CLOCK_SHIFT_LATER: 'yes' };
}

/**
 * Environment of a worker that stops itself with SIGSTOP, once, at this point of the first message whose key matches;
 * it says `STOPPED at <point> of <key>` right before, and goes on with SIGCONT.
 */
export function stoppingAt(point: StopPoint, key: RegExp): Environment {
  return { ...preload('stop-points.cjs'), STOP_POINT: point, STOP_KEY: key.source };
}

function preload(file: string): Environment {
  const path = fileURLToPath(new URL(`../preload/${file}`, import.meta.url));
  return { NODE_OPTIONS: `--require=${JSON.stringify(path)}` };
}
