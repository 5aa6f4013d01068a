export interface ClockOptions {
  /** MongoDB's time in milliseconds since the epoch. */
  readonly readServerTime: () => Promise<number>;
  /** This machine's clock. Default `Date.now`. */
  readonly wall?: () => number;
  /** Milliseconds that never jump. Default `performance.now`. */
  readonly monotonic?: () => number;
  /** How often `start` has it synchronised. */
  readonly intervalMs?: number;
}

/** MongoDB's time, the only one that due times and leases are compared with (design, section 5, "Clocks"). */
export interface Clock {
  /** MongoDB's time in milliseconds, from the last synchronisation plus what has passed since. */
  now(): number;
  /** This machine's clock minus MongoDB's, in milliseconds. */
  offsetMs(): number;
  /** Why this process must not consume jobs: its clock is more than 2 s off. Else null. */
  skewed(): string | null;
  /** Asks MongoDB once. Rejects as `readServerTime` does. Before the first one, `now` is this machine's clock. */
  sync(): Promise<void>;
  /** Synchronises again and again, in the background; what fails is tried at the next turn. */
  start(): void;
  stop(): void;
}

interface Sample {
  readonly roundTripMs: number;
  /** What to add to the monotonic clock to get MongoDB's time; off by half the round trip at most. */
  readonly serverMinusMonotonic: number;
}

const SKEW_LIMIT_MS = 2000;
const KEPT_SAMPLES = 8;
/** MongoDB tells whole milliseconds, and clocks drift a little between samples. */
const TOLERANCE_MS = 5;

/**
 * Follows MongoDB's clock by the midpoints of round trips, of which the shortest of the last 8 counts. In between only
 * the monotonic clock is trusted, so a jump of this machine's clock (or a suspension) shows in `offsetMs` at once.
 */
export function createClock(options: ClockOptions): Clock {
  const { readServerTime, wall = Date.now, monotonic = () => performance.now(), intervalMs = 5000 } = options;
  let samples: readonly Sample[] = [];
  let best: Sample | undefined;
  let timer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> | undefined;

  async function takeSample(): Promise<void> {
    const asked = monotonic();
    const server = await readServerTime();
    const answered = monotonic();
    const roundTripMs = answered - asked;
    const sample = { roundTripMs, serverMinusMonotonic: server - (asked + roundTripMs / 2) };
    // A sample that contradicts an older one tells that MongoDB's clock was set, or that another member took over.
    samples = [...samples.filter((older) => agree(older, sample)), sample].slice(-KEPT_SAMPLES);
    best = samples.reduce((a, b) => (b.roundTripMs <= a.roundTripMs ? b : a));
  }

  function sync(): Promise<void> {
    syncing ??= takeSample().finally(() => {
      syncing = undefined;
    });
    return syncing;
  }

  const now = () => (best ? Math.round(monotonic() + best.serverMinusMonotonic) : wall());
  const offsetMs = () => wall() - now();

  return {
    now,
    offsetMs,
    skewed: () => {
      const offset = offsetMs();
      if (Math.abs(offset) <= SKEW_LIMIT_MS) return null;
      const direction = offset > 0 ? 'ahead of' : 'behind';
      return `This machine's clock is ${(Math.abs(offset) / 1000).toFixed(1)} s ${direction} MongoDB's.`;
    },
    sync,
    start: () => {
      timer ??= setInterval(() => sync().catch(() => undefined), intervalMs).unref();
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function agree(a: Sample, b: Sample): boolean {
  const difference = Math.abs(a.serverMinusMonotonic - b.serverMinusMonotonic);
  return difference <= (a.roundTripMs + b.roundTripMs) / 2 + TOLERANCE_MS;
}
