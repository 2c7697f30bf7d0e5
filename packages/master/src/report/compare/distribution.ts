import { decodeHistogram, Histogram } from '@drumline/stats';
import type { Distribution } from './comparison.js';
import type { RunUnits } from './read-units.js';

/** Bars of each run. */
const BARS = 60;
/** What is beyond these quantiles is counted in the outer bars. */
const OUTER = [0.001, 0.999] as const;

/**
 * The response times of all requests of two runs as shares in the same bars, which are of equal
 * width on a logarithmic scale.
 * @returns undefined if a run has none
 */
export function distributionOf(before: RunUnits, after: RunUnits): Distribution | undefined {
  const [one, other] = [mergedOf(before), mergedOf(after)] as const;
  if (one.count === 0 || other.count === 0) return undefined;
  const bounds = [one, other].map((histogram) => histogram.quantiles(OUTER));
  const low = Math.max(1, Math.min(...bounds.map(([least]) => least!)));
  const high = Math.max(low * 1.05, ...bounds.map(([, most]) => most!));
  const step = Math.log(high / low) / BARS;
  const barOf = (us: number): number =>
    Math.min(BARS - 1, Math.max(0, Math.floor(Math.log(Math.max(us, 1) / low) / step)));
  return {
    edgesMs: Array.from({ length: BARS + 1 }, (_, bar) => round((low * Math.exp(bar * step)) / 1_000)),
    before: sharesOf(one, barOf),
    after: sharesOf(other, barOf),
  };
}

function mergedOf({ all }: RunUnits): Histogram {
  const [first, ...others] = all.map(({ latency }) => decodeHistogram(latency));
  const merged = first ?? new Histogram();
  for (const other of others) merged.add(other);
  return merged;
}

function sharesOf(histogram: Histogram, barOf: (us: number) => number): number[] {
  const counts = Array.from({ length: BARS }, () => 0);
  histogram.forEachValue((us, count) => {
    counts[barOf(us)]! += count;
  });
  return counts.map((count) => round(count / histogram.count));
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
