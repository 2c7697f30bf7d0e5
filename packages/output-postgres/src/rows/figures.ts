import type { Histogram } from '@drumline/stats';
import type { Value } from './copy.js';

/** The columns of response times. */
export const FIGURES = ['mean_us', 'min_us', 'p50_us', 'p90_us', 'p95_us', 'p99_us', 'max_us'] as const;

/** The values of `FIGURES`; nulls without response times. */
export function figuresOf(histogram: Histogram): Value[] {
  if (histogram.count === 0) return FIGURES.map(() => null);
  return [histogram.mean, histogram.min, ...histogram.quantiles([0.5, 0.9, 0.95, 0.99]), histogram.max];
}
