/** One value of a gauge, with its labels. */
export interface Figure {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a gauge's values of now, from MongoDB or Redis. */
export type FigureReader = () => Promise<readonly Figure[]>;

export interface AtScrapeOptions {
  /** What is not read by then is absent from this scrape. */
  readonly timeoutMs: number;
  /** So long an answer serves later scrapes as well. */
  readonly keepMs: number;
  /** Milliseconds that never jump. Default `performance.now`. */
  readonly monotonic?: () => number;
}

const NOTHING: readonly Figure[] = [];

/**
 * Makes a reader fit for scrapes: it never rejects, answers in time, and reads no more often than needed, however many
 * scrape at once. What could not be read is absent, never stale: an absent figure can be alerted on, an old one deceives.
 */
export function atScrape(read: FigureReader, options: AtScrapeOptions): FigureReader {
  const { timeoutMs, keepMs, monotonic = () => performance.now() } = options;
  let kept: { readonly figures: readonly Figure[]; readonly until: number } | undefined;
  let reading: Promise<readonly Figure[]> | undefined;

  async function readOnce(): Promise<readonly Figure[]> {
    const figures = await Promise.resolve()
      .then(read)
      .catch(() => NOTHING);
    kept = { figures, until: monotonic() + keepMs };
    reading = undefined;
    return figures;
  }

  return () => {
    if (kept && monotonic() < kept.until) return Promise.resolve(kept.figures);
    reading ??= readOnce();
    return within(reading, timeoutMs);
  };
}

/** Nothing where it takes too long. */
function within(figures: Promise<readonly Figure[]>, timeoutMs: number): Promise<readonly Figure[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, NOTHING);
    figures.then((read) => {
      clearTimeout(timer);
      resolve(read);
    }, resolve);
  });
}
