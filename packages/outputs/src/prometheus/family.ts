import type { Histogram } from '@drumline/stats';
import type { Exemplar } from '../sums/exemplars.js';
import type { Labels } from './labels.js';
import type { Metric } from './metrics.js';

/** The distribution of a histogram, in the unit of its metric. */
export interface Distribution {
  readonly histogram: Histogram;
  /** Recorded values per unit: 1,000,000 for microseconds and the unit seconds. */
  readonly perUnit: number;
  /** Upper bounds of classic buckets in units, ascending, without the infinite one. */
  readonly bounds: readonly number[];
  /** Traced requests; absent if there are none. */
  readonly exemplars?: readonly Exemplar[];
}

/** The newest exemplar of each classic bucket, the last one of those above all bounds. */
export function exemplarsByBucket({ bounds, exemplars = [] }: Distribution): (Exemplar | undefined)[] {
  const byBucket: (Exemplar | undefined)[] = [];
  for (const exemplar of exemplars) {
    const bucket = bounds.findIndex((bound) => exemplar.seconds <= bound);
    byBucket[bucket < 0 ? bounds.length : bucket] = exemplar;
  }
  return byBucket;
}

export interface Point {
  readonly labels: Labels;
  /** A distribution if the metric is a histogram. */
  readonly value: number | Distribution;
}

/** A metric with all its values. Labels differ from point to point. */
export interface Family {
  readonly metric: Pick<Metric, 'name' | 'type' | 'help'>;
  readonly points: readonly Point[];
}
