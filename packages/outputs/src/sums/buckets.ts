import type { Histogram } from '@drumline/stats';

/**
 * The buckets of an exponential histogram of OpenTelemetry, and of a native histogram of
 * Prometheus.
 */
export interface ExponentialBuckets {
  /** Each doubling of the value is split into `2 ** scale` buckets. */
  readonly scale: number;
  /** Index of the first bucket: bucket `i` holds values above `2 ** (i / 2 ** scale)`. */
  readonly offset: number;
  /** From the first used bucket to the last one. Empty without values above 0. */
  readonly counts: readonly number[];
  /** The number of values that are 0. */
  readonly zeros: number;
}

/** The finest and the coarsest scale that Prometheus accepts. */
const FINEST = 8;
const COARSEST = -4;
/** As many as OpenTelemetry's SDKs keep by default. */
export const MAX_BUCKETS = 160;

/**
 * Converts a histogram to the finest scale that needs at most 160 buckets. The values of a bucket
 * count as its highest one. So the bucket of a quantile holds the quantile of the histogram.
 * @param perUnit recorded values per unit: 1,000,000 for microseconds and the unit seconds
 */
export function exponentialBuckets(histogram: Histogram, perUnit: number): ExponentialBuckets {
  const { smallest, zeros } = aboveZero(histogram);
  if (smallest === undefined) return { scale: FINEST, offset: 0, counts: [], zeros };
  let scale = FINEST;
  let [first, last] = [indexOf(smallest / perUnit), indexOf(histogram.max / perUnit)];
  while (last - first >= MAX_BUCKETS && scale > COARSEST) {
    scale -= 1;
    [first, last] = [first >> 1, last >> 1];
  }
  const counts = Array.from<number>({ length: last - first + 1 }).fill(0);
  let at = 0;
  let bound = 0;
  histogram.forEachValue((value, count) => {
    if (value === 0) return;
    // Logarithms are slow, and many values share a bucket.
    if (value > bound) {
      at = (indexOf(value / perUnit) >> (FINEST - scale)) - first;
      bound = perUnit * 2 ** ((first + at + 1) / 2 ** scale) * (1 - 1e-12);
    }
    counts[at]! += count;
  });
  return { scale, offset: first, counts, zeros };
}

function aboveZero(histogram: Histogram): { smallest?: number; zeros: number } {
  let smallest: number | undefined;
  let zeros = 0;
  histogram.forEachValue((value, count) => {
    if (value === 0) zeros += count;
    else smallest ??= value;
  });
  return { zeros, ...(smallest !== undefined && { smallest }) };
}

/** The index at the finest scale. Buckets have an upper bound that belongs to them. */
function indexOf(value: number): number {
  return Math.ceil(Math.log2(value) * 2 ** FINEST) - 1;
}

/**
 * The number of values up to each bound, without the last one, which is infinite. The values of a
 * bucket count as its highest one.
 * @param bounds ascending, in units
 */
export function countsUpTo(histogram: Histogram, perUnit: number, bounds: readonly number[]): number[] {
  const counts = bounds.map(() => 0);
  let at = 0;
  let below = 0;
  histogram.forEachValue((value, count) => {
    while (at < bounds.length && value > bounds[at]! * perUnit) counts[at++] = below;
    below += count;
  });
  return counts.fill(below, at);
}
