import { seriesId, type SeriesKey } from '@drumline/model';
import { decodeHistogram, readTaggedName, type IntervalDelta, type MetricDelta } from '@drumline/stats';
import type { Value } from './copy.js';
import { digest } from './digest.js';
import { figuresOf } from './figures.js';
import { storeStatuses } from './statuses.js';

/** The instant at which a second of a run begins. */
export interface At {
  readonly runId: string;
  readonly at: string;
  readonly second: number;
}

export const SERIES_COLUMNS =
  'run_id, at, second, series_id, requests, failures, interrupted, bytes_sent, bytes_received, timed, timed_seconds, ' +
  'mean_us, min_us, p50_us, p90_us, p95_us, p99_us, max_us, latency, service, statuses, errors';

/**
 * The rows of the series of a second.
 * @param idOf the id of each series in the database
 * @param timedSeconds over how many seconds the response times of a series are, if over several
 */
export function* seriesRows(
  { runId, at, second }: At,
  { series }: IntervalDelta,
  idOf: (key: SeriesKey) => string,
  timedSeconds: ReadonlyMap<string, number>,
): Generator<Value[]> {
  for (const counts of series) {
    const { key, requests, failures, interrupted, bytesSent, bytesReceived, service } = counts;
    const latency = decodeHistogram(counts.latency);
    yield [
      runId,
      at,
      second,
      idOf(key),
      requests,
      failures,
      interrupted,
      bytesSent,
      bytesReceived,
      latency.count,
      timedSeconds.get(seriesId(key)) ?? 1,
      ...figuresOf(latency),
      latency.count > 0 ? counts.latency : null,
      service ?? null,
      counts.statuses ? storeStatuses(counts.statuses) : null,
      countsByError(counts.errors),
    ];
  }
}

function countsByError(errors: IntervalDelta['series'][number]['errors']): Value {
  if (errors.length === 0) return null;
  return Object.fromEntries(errors.map(({ error, occurrences }) => [error, occurrences]));
}

export const CHECK_COLUMNS = 'run_id, at, second, key, check_name, tags, passes, fails';

export function* checkRows({ runId, at, second }: At, { checks }: IntervalDelta): Generator<Value[]> {
  for (const { name: text, passes, fails } of checks) {
    const { name, tags = [] } = readTaggedName(text);
    yield [runId, at, second, digest(text), name, Object.fromEntries(tags), passes, fails];
  }
}

export const METRIC_COLUMNS =
  'run_id, at, second, key, metric, kind, tags, value, min, max, hits, total, p50, p90, p95, p99, histogram';

export function* metricRows({ runId, at, second }: At, { metrics }: IntervalDelta): Generator<Value[]> {
  for (const metric of metrics) {
    const { name, tags = [] } = readTaggedName(metric.name);
    const key = metricKey(metric);
    yield [runId, at, second, key, name, metric.kind, Object.fromEntries(tags), ...valuesOf(metric)];
  }
}

/** A name that is used for two kinds is two metrics. */
export function metricKey({ kind, name }: Pick<MetricDelta, 'kind' | 'name'>): string {
  return digest(`${kind} ${name}`);
}

const NO_QUANTILES = [null, null, null, null, null];

/** From the column `value` on. */
function valuesOf(metric: MetricDelta): Value[] {
  switch (metric.kind) {
    case 'counter':
      return [metric.sum, null, null, null, null, ...NO_QUANTILES];
    case 'gauge':
      return [metric.last, metric.min, metric.max, null, null, ...NO_QUANTILES];
    case 'rate': {
      const { hits, total } = metric;
      return [total === 0 ? null : hits / total, null, null, hits, total, ...NO_QUANTILES];
    }
    case 'trend': {
      const values = decodeHistogram(metric.values);
      const [mean, min, ...rest] = figuresOf(values).map(unscaled);
      const max = rest.pop()!;
      return [mean!, min!, max, null, values.count, ...rest, metric.values];
    }
  }
}

/** Trends are stored in thousandths. */
function unscaled(value: Value): Value {
  return typeof value === 'number' ? value / 1_000 : value;
}
