/** How the work on one of several ended. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown; readonly value?: never };

/** Work that can be done on many at once, and on each alone; either may be repeated. */
export interface Work<T, R> {
  readonly all: (items: readonly T[]) => Promise<readonly R[]>;
  readonly one: (item: T) => Promise<R>;
}

/**
 * Works on many at once; where that fails, on each alone, so that each fails for itself only. Answers in their order, and
 * never rejects.
 */
export async function atOnceOrSingly<T, R>(items: readonly T[], { all, one }: Work<T, R>): Promise<Outcome<R>[]> {
  if (items.length > 1) {
    const done = await all(items).catch(() => null);
    if (done) return done.map((value) => ({ ok: true, value }));
  }
  return Promise.all(items.map((item) => outcomeOf(one(item))));
}

function outcomeOf<R>(work: Promise<R>): Promise<Outcome<R>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}
