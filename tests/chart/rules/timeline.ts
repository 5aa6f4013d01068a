/** Between two scrapes, and between two evaluations of the rules: that of `docs/metrics.md` and of Compose. */
export const STEP_SECONDS = 15;

/** A stretch of what one series shows: so many scrapes long, and in promtool's notation. */
export interface Stretch {
  readonly scrapes: number;
  /** `last`: what was shown last, from which a counter goes on; undefined where it begins anew. */
  readonly write: (last: number | undefined) => { readonly values: string; readonly last: number | undefined };
}

/** What one series shows from the beginning on, scrape by scrape. */
export type Timeline = readonly Stretch[];

/** A gauge that shows the same at each scrape. */
export function steady(value: number, minutes: number): Stretch {
  const scrapes = scrapesIn(minutes);
  return { scrapes, write: () => ({ values: `${value}+0x${scrapes - 1}`, last: value }) };
}

/** A counter, or a gauge, that goes on from where it stands, at first from 0. */
export function rising(perMinute: number, minutes: number): Stretch {
  const scrapes = scrapesIn(minutes);
  const step = (perMinute * STEP_SECONDS) / 60;
  return {
    scrapes,
    write: (last) => {
      const first = last === undefined ? 0 : last + step;
      return { values: `${first}${step < 0 ? '' : '+'}${step}x${scrapes - 1}`, last: first + step * (scrapes - 1) };
    },
  };
}

/** A counter that goes no further. */
export function standing(minutes: number): Stretch {
  return rising(0, minutes);
}

/** Whoever shows it cannot be scraped, or shows it no more: Prometheus knows that at once. */
export function away(minutes: number): Stretch {
  const scrapes = scrapesIn(minutes);
  return { scrapes, write: (last) => ({ values: scrapes === 1 ? 'stale' : `stale _x${scrapes - 1}`, last }) };
}

/** The process is another one from here on: its counters begin at 0. */
export const anew: Stretch = { scrapes: 0, write: () => ({ values: '', last: undefined }) };

/** In promtool's notation: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series */
export function valuesOf(timeline: Timeline): string {
  const written: string[] = [];
  let last: number | undefined;
  for (const stretch of timeline) {
    const next = stretch.write(last);
    if (next.values !== '') written.push(next.values);
    last = next.last;
  }
  return written.join(' ');
}

export function minutesOf(timeline: Timeline): number {
  return (timeline.reduce((sum, { scrapes }) => sum + scrapes, 0) * STEP_SECONDS) / 60;
}

function scrapesIn(minutes: number): number {
  return (minutes * 60) / STEP_SECONDS;
}
