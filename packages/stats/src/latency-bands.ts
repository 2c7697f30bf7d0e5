import type { Histogram } from './histogram.js';
import { lowestOf } from './layout.js';

/**
 * Bands of response times, five for each power of ten. Band 0 holds everything below 0.16 ms. Band
 * n begins at 0.1 ms × 10^(n/5), and the last one has no end. Coarse enough to store for each
 * second of a run, and fine enough for a heat map.
 */
export const LATENCY_BANDS = 32;

const FIRST_US = 100;
const BANDS_A_DECADE = 5;

/** Number of response times in each band. */
export type BandCounts = readonly number[];

export const NO_BANDS: BandCounts = Array.from({ length: LATENCY_BANDS }, () => 0);

/** The band of a response time in microseconds. */
export function bandOf(us: number): number {
  if (us < FIRST_US) return 0;
  // Powers of ten must not fall into the band below because of rounding.
  const band = Math.floor(BANDS_A_DECADE * Math.log10(us / FIRST_US) + 1e-9);
  return Math.min(LATENCY_BANDS - 1, band);
}

/** Counts the response times of a histogram in bands. A bucket is as a whole in one of them. */
export function bandsOf(latency: Histogram): BandCounts {
  if (latency.count === 0) return NO_BANDS;
  const counts = [...NO_BANDS];
  latency.forEachBucket((bucket, times) => {
    counts[bandOf(lowestOf(bucket))]! += times;
  });
  return counts;
}

export function addBands(one: BandCounts, other: BandCounts): BandCounts {
  if (one === NO_BANDS) return other;
  return other === NO_BANDS ? one : one.map((count, band) => count + other[band]!);
}
