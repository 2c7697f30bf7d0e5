/** A column of a table or view of the schema. */
export interface Column {
  readonly name: string;
  /** As `information_schema.columns` names it. */
  readonly type: ColumnType;
}

type ColumnType =
  | 'uuid'
  | 'text'
  | 'bigint'
  | 'integer'
  | 'smallint'
  | 'boolean'
  | 'double precision'
  | 'timestamp with time zone'
  | 'jsonb'
  | 'bytea';

/** A table or view that users query. */
export interface Table {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly Column[];
}

const runId: Column = { name: 'run_id', type: 'uuid' };
/** The instant at which the second began, on the master's clock. */
const at: Column = { name: 'at', type: 'timestamp with time zone' };
/** Whole seconds since the start of the run. */
const second: Column = { name: 'second', type: 'integer' };

function all(type: ColumnType, ...names: string[]): Column[] {
  return names.map((name) => ({ name, type }));
}

/** The columns that say what requests a series counts. */
const key = [...all('text', 'protocol', 'method', 'name', 'user_type'), ...all('jsonb', 'tags')];
const requests = all('bigint', 'requests', 'failures', 'interrupted');
/** Figures of response times in microseconds; null without response times. */
const times = [
  ...all('double precision', 'mean_us'),
  ...all('bigint', 'min_us', 'p50_us', 'p90_us', 'p95_us', 'p99_us', 'max_us'),
];
const totals = [
  ...requests,
  ...all('double precision', 'failure_ratio', 'requests_per_second'),
  ...all('double precision', 'mean_ms', 'p50_ms', 'p95_ms', 'p99_ms', 'max_ms'),
];

/** The tables and views that users query, with their columns in order. */
export const TABLES: readonly Table[] = [
  {
    name: 'run',
    kind: 'table',
    columns: [
      runId,
      ...all('text', 'scenario'),
      ...all('timestamp with time zone', 'started_at', 'ended_at'),
      ...all('text', 'state', 'verdict'),
      ...all('integer', 'exit_code'),
      ...all('jsonb', 'labels', 'result'),
    ],
  },
  {
    name: 'series',
    kind: 'table',
    columns: [
      ...all('bigint', 'series_id'),
      runId,
      ...all('text', 'key'),
      ...key,
      ...all('boolean', 'is_part'),
    ],
  },
  {
    name: 'second',
    kind: 'table',
    columns: [
      runId,
      at,
      second,
      ...all('bigint', 'series_id'),
      ...requests,
      ...all('bigint', 'bytes_sent', 'bytes_received'),
      ...all('bigint', 'timed'),
      ...all('smallint', 'timed_seconds'),
      ...times,
      ...all('bytea', 'latency', 'service'),
      ...all('jsonb', 'statuses', 'errors'),
    ],
  },
  {
    name: 'run_second',
    kind: 'table',
    columns: [
      runId,
      at,
      second,
      ...all('bigint', 'users', 'planned_users'),
      ...all('double precision', 'planned_rate'),
      ...all('bigint', 'cut_off_users'),
      ...all('integer', 'workers_present', 'workers_missing'),
      ...all('double precision', 'busiest_lane'),
      ...all('boolean', 'untrusted'),
      ...requests,
      ...all('bigint', 'failed_checks', 'exceptions', 'started', 'late', 'dropped', 'skipped'),
      ...times,
      ...all('bytea', 'latency'),
    ],
  },
  {
    name: 'check_second',
    kind: 'table',
    columns: [
      runId,
      at,
      second,
      ...all('text', 'key', 'check_name'),
      ...all('jsonb', 'tags'),
      ...all('bigint', 'passes', 'fails'),
    ],
  },
  {
    name: 'metric_second',
    kind: 'table',
    columns: [
      runId,
      at,
      second,
      ...all('text', 'key', 'metric', 'kind'),
      ...all('jsonb', 'tags'),
      ...all('double precision', 'value', 'min', 'max'),
      ...all('bigint', 'hits', 'total'),
      ...all('double precision', 'p50', 'p90', 'p95', 'p99'),
      ...all('bytea', 'histogram'),
    ],
  },
  {
    name: 'event',
    kind: 'table',
    columns: [...all('bigint', 'event_id'), runId, at, ...all('text', 'type'), ...all('jsonb', 'data')],
  },
  {
    name: 'run_summary',
    kind: 'view',
    columns: [
      runId,
      ...all('text', 'scenario', 'state', 'verdict'),
      ...all('jsonb', 'labels'),
      ...all('timestamp with time zone', 'started_at', 'ended_at'),
      ...all('bigint', 'seconds', 'max_users'),
      ...totals,
    ],
  },
  {
    name: 'summary',
    kind: 'view',
    columns: [
      runId,
      ...all('bigint', 'series_id'),
      ...all('text', 'key'),
      ...key,
      ...all('boolean', 'is_part'),
      ...totals,
    ],
  },
  {
    name: 'comparison',
    kind: 'view',
    columns: [
      { name: 'baseline_run_id', type: 'uuid' },
      runId,
      ...key,
      ...all('bigint', 'baseline_requests', 'requests'),
      ...['requests_per_second', 'failure_ratio', 'mean_ms', 'p50_ms', 'p95_ms', 'p99_ms'].flatMap((name) =>
        all('double precision', `baseline_${name}`, name),
      ),
      ...all('double precision', 'p95_change'),
    ],
  },
];
