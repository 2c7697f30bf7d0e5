import { placeOf, timesParts } from '@drumline/model';
import type {
  ErrorTotals,
  ExceptionDelta,
  MetricTotals,
  SeriesTotals,
  TotalsSnapshot,
} from '@drumline/stats';
import type {
  CheckResult,
  CountedInterval,
  ErrorResult,
  ExceptionResult,
  MetricResult,
  SeriesResult,
  TotalsResult,
} from './views/index.js';

export function countsOf(totals: SeriesTotals, seconds: number): TotalsResult {
  const { requests, failures, interrupted, ...rest } = totals;
  const rate = Math.round((requests / seconds) * 100) / 100;
  return { requests, failures, interrupted, rate, ...rest };
}

export function seriesOf({ series }: Pick<TotalsSnapshot, 'series'>, seconds: number): SeriesResult[] {
  return series.map(({ key, ...totals }) => ({
    protocol: key.protocol,
    method: key.method,
    name: key.name,
    user: key.user,
    tags: Object.fromEntries(key.tags),
    ...(timesParts(key) && { part: true }),
    ...countsOf(totals, seconds),
  }));
}

export function errorsOf({ errors }: Pick<ErrorTotals, 'errors'>, at: (ms: number) => string): ErrorResult[] {
  return errors.map(
    ({
      key: { protocol, method, name, user, tags },
      error,
      example,
      occurrences,
      firstSeenAtMs,
      lastSeenAtMs,
    }) => ({
      protocol,
      method,
      name,
      user,
      ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
      error,
      ...(example !== undefined && { example }),
      occurrences,
      firstSeenAt: at(firstSeenAtMs),
      lastSeenAt: at(lastSeenAtMs),
    }),
  );
}

export function exceptionOf(
  { firstSeenAtMs, lastSeenAtMs, ...exception }: ExceptionDelta,
  at: (ms: number) => string,
): ExceptionResult {
  const place = placeOf(exception.stack);
  return {
    ...exception,
    ...(place !== undefined && { place }),
    firstSeenAt: at(firstSeenAtMs),
    lastSeenAt: at(lastSeenAtMs),
  };
}

export function checkOf({ name, tags, passes, fails }: TotalsSnapshot['checks'][number]): CheckResult {
  return { name, ...(tags && { tags: Object.fromEntries(tags) }), passes, fails };
}

export function metricOf(metric: MetricTotals, seconds: number): MetricResult {
  const tags = metric.tags && { tags: Object.fromEntries(metric.tags) };
  switch (metric.kind) {
    case 'counter':
      return { name: metric.name, ...tags, kind: 'counter', sum: metric.sum, rate: metric.sum / seconds };
    case 'gauge': {
      const { name, kind, last, min, max } = metric;
      return { name, ...tags, kind, last, min, max };
    }
    case 'rate': {
      const { name, kind, hits, total, rate } = metric;
      return { name, ...tags, kind, hits, total, rate };
    }
    case 'trend': {
      const { name, tags: _, kind, count, ...values } = metric;
      return { name, ...tags, kind, count, values };
    }
  }
}

/** The time that an interval covers. */
export interface IntervalSpan {
  /** Whole seconds from the start of the run to its start. */
  readonly fromSecond: number;
  /** Its length in seconds. */
  readonly seconds: number;
  /** Start of the run, milliseconds since 1970. */
  readonly runStartedAtMs: number;
}

/**
 * What was counted, in the format of results.
 * @param seconds for the rates
 * @param at the instant of a time of the run, ISO 8601
 */
export function countedOf(
  snapshot: TotalsSnapshot,
  seconds: number,
  at: (ms: number) => string,
): Pick<CountedInterval, 'totals' | 'series' | 'errors' | 'checks' | 'metrics' | 'exceptions'> {
  return {
    totals: countsOf(snapshot.totals, seconds),
    series: seriesOf(snapshot, seconds),
    errors: errorsOf(snapshot, at),
    checks: snapshot.checks.map(checkOf),
    metrics: snapshot.metrics.map((metric) => metricOf(metric, seconds)),
    exceptions: snapshot.exceptions.map((exception) => exceptionOf(exception, at)),
  };
}

/** What was counted in an interval, in the format of results. */
export function countedInterval(
  snapshot: TotalsSnapshot,
  { fromSecond, seconds, runStartedAtMs }: IntervalSpan,
): CountedInterval {
  const at = (ms: number): string => new Date(runStartedAtMs + ms).toISOString();
  return {
    number: fromSecond + seconds,
    fromSecond,
    seconds,
    at: at(fromSecond * 1_000),
    ...countedOf(snapshot, seconds, at),
    schedule: snapshot.schedule,
  };
}
