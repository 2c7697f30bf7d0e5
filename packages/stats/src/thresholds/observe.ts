import { quantileOf, type Condition, type Statistic, type ThresholdSubject } from '@drumline/model';
import type { Histogram } from '../histogram.js';
import type { MetricTally } from '../metrics.js';
import type { RequestCounts, SelectedCounts } from './selected-counts.js';

/**
 * What a condition observes in counts.
 * @param kind what the counts are about
 * @param seconds the time in which they were counted
 * @returns undefined if there is nothing to observe, such as a quantile without requests
 */
export function observedIn(
  condition: Pick<Condition, 'statistic' | 'unit'>,
  kind: ThresholdSubject['kind'],
  counts: SelectedCounts,
  seconds: number,
): number | undefined {
  if (kind === 'metric') return metricFigure(condition, counts.metrics, seconds);
  const { sums } = counts;
  const requests = counts.requests.requests > 0 ? counts.requests : counts.parts;
  const due = sums.started + sums.dropped + sums.skipped;
  const judged = sums.passes + sums.fails;
  const isShare = condition.unit === 'share';
  switch (condition.statistic) {
    case 'count':
      return requests.requests;
    case 'rate':
      return requests.requests / seconds;
    case 'failures':
      return requests.failures;
    case 'error rate':
      return share(requests.failures, requests.requests);
    case 'exceptions':
      return sums.exceptions;
    case 'dropped':
    case 'late':
    case 'skipped': {
      const count = sums[condition.statistic];
      // Without a schedule, nothing can be late.
      return isShare ? (share(count, due) ?? 0) : count;
    }
    case 'checks':
      return share(sums.passes, judged);
    case 'passes':
    case 'fails': {
      const count = sums[condition.statistic];
      return isShare ? share(count, judged) : count;
    }
    default:
      return timeFigure(condition.statistic, requests);
  }
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function timeFigure(statistic: Statistic, { latency }: RequestCounts): number | undefined {
  const us = figureOf(statistic, latency);
  return us === undefined ? undefined : us / 1_000;
}

/** A figure of a distribution; undefined if it is empty, or if the statistic is another one. */
function figureOf(statistic: Statistic, histogram: Histogram): number | undefined {
  if (histogram.count === 0) return undefined;
  if (statistic === 'mean') return histogram.mean;
  if (statistic === 'min') return histogram.min;
  if (statistic === 'max') return histogram.max;
  const quantile = quantileOf(statistic);
  return quantile === undefined ? undefined : histogram.quantiles([quantile])[0];
}

/** The kinds of a metric that have a statistic. The metric is whichever was used. */
function metricFigure(
  { statistic, unit }: Pick<Condition, 'statistic' | 'unit'>,
  metrics: MetricTally,
  seconds: number,
): number | undefined {
  for (const metric of metrics.scalars) {
    if (metric.kind === 'counter') {
      if (statistic === 'count' || statistic === 'sum') return metric.sum;
      if (statistic === 'rate' && unit === 'per-second') return metric.sum / seconds;
    } else if (metric.kind === 'gauge') {
      if (statistic === 'last' || statistic === 'min' || statistic === 'max') return metric[statistic];
    } else {
      if (statistic === 'count') return metric.total;
      if (statistic === 'rate' && unit === 'share') return share(metric.hits, metric.total);
    }
  }
  for (const { values } of metrics.trends) {
    if (statistic === 'count') return values.count;
    if (statistic === 'rate' && unit === 'per-second') return values.count / seconds;
    if (statistic === 'sum') return values.sum / 1_000;
    const figure = figureOf(statistic, values);
    if (figure !== undefined) return figure / 1_000;
  }
  return undefined;
}
