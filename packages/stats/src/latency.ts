import type { Histogram } from './histogram.js';

/** The figures of a distribution, to three decimals: milliseconds with microseconds, for latencies. 0 when empty. */
export interface LatencySummary {
  min: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p99_9: number;
  max: number;
}

/** Summary in thousands of the recorded unit: milliseconds from microseconds. */
export function summarize(histogram: Histogram): LatencySummary {
  const [p50, p90, p95, p99, p99_9] = histogram.quantiles([0.5, 0.9, 0.95, 0.99, 0.999]) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    min: histogram.min / 1000,
    mean: Math.round(histogram.mean) / 1000,
    p50: p50 / 1000,
    p90: p90 / 1000,
    p95: p95 / 1000,
    p99: p99 / 1000,
    p99_9: p99_9 / 1000,
    max: histogram.max / 1000,
  };
}
