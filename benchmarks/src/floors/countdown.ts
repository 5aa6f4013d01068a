/** Resolves when so many things are done. */
export interface Countdown {
  readonly over: Promise<void>;
  /** So many more are done. */
  done(count?: number): void;
}

export function createCountdown(total: number): Countdown {
  let left = total;
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    over,
    done: (count = 1) => {
      left -= count;
      if (left <= 0) finish();
    },
  };
}
