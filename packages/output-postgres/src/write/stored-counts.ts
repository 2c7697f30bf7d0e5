import { seriesId, type SeriesKey } from '@drumline/model';
import { encodeHistogram, Histogram, type IntervalDelta, type MetricDelta } from '@drumline/stats';
import type { ClientBase } from 'pg';
import { digest } from '../rows/digest.js';
import { metricKey, type At } from '../rows/rows-of.js';
import { readStatuses, type StoredStatuses } from '../rows/statuses.js';
import type { SeriesIds } from './series-ids.js';

const EMPTY = encodeHistogram(new Histogram());

/** What the database has of a second, as far as a correction changes it. */
export interface StoredCounts {
  readonly delta: IntervalDelta;
  /** Over how many seconds response times are, by series. */
  readonly timedSeconds: ReadonlyMap<string, number>;
}

/** Reads the rows of a second that a correction changes. */
export async function readStored(
  client: ClientBase,
  table: (name: string) => string,
  at: At,
  correction: IntervalDelta,
  ids: SeriesIds,
): Promise<StoredCounts> {
  const timedSeconds = new Map<string, number>();
  const delta: IntervalDelta = { second: at.second, series: [], checks: [], metrics: [], exceptions: [] };
  const keys = new Map(correction.series.map(({ key }) => [ids.of(key), key]));
  const { rows } = await client.query<SeriesRow>(
    `SELECT * FROM ${table('second')} WHERE at = $1 AND series_id = ANY($2)`,
    [at.at, [...keys.keys()]],
  );
  for (const row of rows) {
    const key = keys.get(row.series_id)!;
    timedSeconds.set(seriesId(key), row.timed_seconds);
    delta.series.push(seriesOf(key, row));
  }
  const checks = new Map(correction.checks.map(({ name }) => [digest(name), name]));
  if (checks.size > 0) {
    const found = await client.query<{ key: string; passes: string; fails: string }>(
      `SELECT key, passes, fails FROM ${table('check_second')} WHERE run_id = $1 AND at = $2 AND key = ANY($3)`,
      [at.runId, at.at, [...checks.keys()]],
    );
    for (const { key, passes, fails } of found.rows)
      delta.checks.push({ name: checks.get(key)!, passes: Number(passes), fails: Number(fails) });
  }
  const metrics = new Map(correction.metrics.map((metric) => [metricKey(metric), metric]));
  if (metrics.size > 0) {
    const found = await client.query<MetricRow>(
      `SELECT * FROM ${table('metric_second')} WHERE run_id = $1 AND at = $2 AND key = ANY($3)`,
      [at.runId, at.at, [...metrics.keys()]],
    );
    for (const row of found.rows) delta.metrics.push(metricOf(metrics.get(row.key)!, row));
  }
  return { delta, timedSeconds };
}

interface SeriesRow {
  readonly series_id: string;
  readonly timed_seconds: number;
  readonly requests: string;
  readonly failures: string;
  readonly interrupted: string;
  readonly bytes_sent: string;
  readonly bytes_received: string;
  readonly latency: Buffer | null;
  readonly service: Buffer | null;
  readonly statuses: StoredStatuses | null;
  readonly errors: Readonly<Record<string, number>> | null;
}

function seriesOf(key: SeriesKey, row: SeriesRow): IntervalDelta['series'][number] {
  const unknown = { firstSeenAtMs: 0, lastSeenAtMs: 0 };
  return {
    key,
    requests: Number(row.requests),
    failures: Number(row.failures),
    interrupted: Number(row.interrupted),
    bytesSent: Number(row.bytes_sent),
    bytesReceived: Number(row.bytes_received),
    latency: row.latency ?? EMPTY,
    ...(row.service && { service: row.service }),
    ...(row.statuses && { statuses: readStatuses(row.statuses) }),
    errors: Object.entries(row.errors ?? {}).map(([error, occurrences]) => ({
      error,
      occurrences,
      ...unknown,
    })),
  };
}

interface MetricRow {
  readonly key: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly hits: string;
  readonly total: string;
  readonly histogram: Buffer;
}

/** The stored value of a gauge counts as older than that of the correction. */
function metricOf({ kind, name }: MetricDelta, row: MetricRow): MetricDelta {
  const { value, min, max, histogram } = row;
  switch (kind) {
    case 'counter':
      return { kind, name, sum: value };
    case 'gauge':
      return { kind, name, last: value, lastAtMs: 0, min, max };
    case 'rate':
      return { kind, name, hits: Number(row.hits), total: Number(row.total) };
    case 'trend':
      return { kind, name, values: histogram };
  }
}
