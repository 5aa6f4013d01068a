/** Everything that must be stopped, in the reverse order of its start. */
export interface Teardown {
  add(stop: () => Promise<unknown>): void;
  /** Stops all of it, once, however often it is called; what fails does not keep the rest from being stopped. */
  run(): Promise<void>;
}

export function createTeardown(): Teardown {
  const stops: (() => Promise<unknown>)[] = [];
  let running: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop().catch(() => undefined);
  }

  return {
    add: (stop) => {
      stops.push(stop);
    },
    run: () => {
      running ??= stopAll();
      return running;
    },
  };
}
