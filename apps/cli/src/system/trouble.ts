/** Something that runs on its own and may fail at any time. */
export interface Trouble {
  /** Rejects with what `fail` was first called with; never resolves. Whoever waits for something else races it. */
  readonly failed: Promise<never>;
  fail(this: void, error: unknown): void;
}

export function createTrouble(): Trouble {
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined); // nobody may be waiting yet
  return { failed, fail: (error) => fail(error) };
}
