/** Buckets at most; with more, two neighbours become one. */
const MAX_BUCKETS = 2048;
const FINEST_HOURS = 0.25;

interface Bucket {
  count: number;
  sum: number;
}

export interface HistogramBar {
  readonly from_hours: number;
  readonly to_hours: number;
  readonly count: number;
}

/** Collects times in a memory that does not grow with their number. */
export interface Distribution {
  add(hours: number): void;
  readonly count: number;
  /** The time that a share of all does not exceed, to within a quarter of an hour (or 1/2048 of the longest); null: none. */
  quantile(share: number): number | null;
  /** All times in at most `bars` bars of equal, round width. */
  histogram(bars: number): readonly HistogramBar[];
}

export function createDistribution(): Distribution {
  let width = FINEST_HOURS;
  let buckets: Bucket[] = [];
  let count = 0;

  const widen = () => {
    width *= 2;
    const pairs: Bucket[] = [];
    for (const [index, bucket] of buckets.entries()) {
      const pair = bucketAt(pairs, index >> 1);
      pair.count += bucket.count;
      pair.sum += bucket.sum;
    }
    buckets = pairs;
  };

  return {
    add(hours) {
      while (hours >= width * MAX_BUCKETS) widen();
      const bucket = bucketAt(buckets, Math.floor(hours / width));
      bucket.count += 1;
      bucket.sum += hours;
      count += 1;
    },
    get count() {
      return count;
    },
    quantile(share) {
      let left = Math.ceil(share * count);
      for (const bucket of buckets) {
        left -= bucket.count;
        // The mean of the bucket: exact where many end at the same moment, as they do at a maximum duration.
        if (left <= 0 && bucket.count > 0) return bucket.sum / bucket.count;
      }
      return null;
    },
    histogram(bars) {
      const barWidth = roundWidth((buckets.length * width) / bars);
      const counts: number[] = [];
      for (const [index, bucket] of buckets.entries()) {
        const bar = Math.floor((index * width) / barWidth);
        counts[bar] = (counts[bar] ?? 0) + bucket.count;
      }
      return Array.from(counts, (n = 0, bar) => ({
        from_hours: bar * barWidth,
        to_hours: (bar + 1) * barWidth,
        count: n,
      }));
    },
  };
}

function bucketAt(buckets: Bucket[], index: number): Bucket {
  while (buckets.length <= index) buckets.push({ count: 0, sum: 0 });
  return buckets[index] as Bucket;
}

/** The next width that people count in: some hours, some days, some weeks. */
function roundWidth(hours: number): number {
  const usual = [1, 2, 4, 6, 12, 24, 48, 72, 168].find((width) => width >= hours);
  return usual ?? Math.ceil(hours / 168) * 168;
}
