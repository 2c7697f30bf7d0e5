import type { Histogram } from './histogram.js';

/** Figures of a distribution with three decimals: milliseconds for response times. 0 if empty. */
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

/** Summarizes a histogram, divided by 1,000: microseconds become milliseconds. */
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
