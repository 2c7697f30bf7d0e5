import { csvLine, seriesId, type CsvCell } from '@drumline/model';
import type { SeriesPoint } from '@drumline/stats';
import type { LatencyResult, RunResult, ScheduleResult, SeriesResult, TotalsResult } from '@drumline/wire';

/**
 * The tables, each as the text of a file. Locust names them PREFIX_stats.csv,
 * PREFIX_stats_history.csv and so on.
 */
export interface CsvTables {
  readonly stats: string;
  readonly history: string;
  readonly failures: string;
  readonly exceptions: string;
  /** Arrivals and iterations by user type and phase; undefined if the load has none. */
  readonly starts: string | undefined;
  /** Requests by series and status; undefined if no response had a status. */
  readonly statuses: string | undefined;
}

/**
 * Renders a result in the format of Locust’s CSV files: same columns, same order, the aggregated
 * row last. Times are milliseconds. Cells that a result does not have (66 %, 75 % and so on) are
 * empty.
 */
export function renderCsv(result: RunResult, seriesPoints: readonly SeriesPoint[] = []): CsvTables {
  return {
    stats: table(STATS_COLUMNS, statsRows(result)),
    history: table(HISTORY_COLUMNS, historyRows(result, seriesPoints)),
    failures: table(FAILURE_COLUMNS, failureRows(result)),
    exceptions: table(EXCEPTION_COLUMNS, exceptionRows(result)),
    starts: result.schedule && table(START_COLUMNS, startRows(result.schedule)),
    statuses: result.totals.statuses && table(STATUS_COLUMNS, statusRows(result)),
  };
}

/**
 * Spreadsheets and pandas read an empty cell as a missing value. Locust’s `N/A` would turn a
 * numeric column into text.
 */
const MISSING = '';

const QUANTILES: readonly [column: string, key: keyof LatencyResult | undefined][] = [
  ['50%', 'p50'],
  ['66%', undefined],
  ['75%', undefined],
  ['80%', undefined],
  ['90%', 'p90'],
  ['95%', 'p95'],
  ['98%', undefined],
  ['99%', 'p99'],
  ['99.9%', 'p99_9'],
  ['99.99%', undefined],
  ['100%', 'max'],
];
const QUANTILE_COLUMNS = QUANTILES.map(([column]) => column);

const STATS_COLUMNS = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  'Average Content Size',
  'Requests/s',
  'Failures/s',
  ...QUANTILE_COLUMNS,
];

const HISTORY_COLUMNS = [
  'Timestamp',
  'User Count',
  'Type',
  'Name',
  'Requests/s',
  'Failures/s',
  ...QUANTILE_COLUMNS,
  'Total Request Count',
  'Total Failure Count',
  'Total Median Response Time',
  'Total Average Response Time',
  'Total Min Response Time',
  'Total Max Response Time',
  'Total Average Content Size',
];

const FAILURE_COLUMNS = ['Method', 'Name', 'Error', 'Occurrences', 'First Seen', 'Last Seen'];
const EXCEPTION_COLUMNS = ['Count', 'Message', 'Traceback', 'Nodes'];
const START_COLUMNS = ['User', 'Phase', 'Due', 'Started', 'Late', 'Dropped', 'Skipped'];
const STATUS_COLUMNS = ['Type', 'Name', 'Status', 'Request Count'];

function startRows(schedule: readonly ScheduleResult[]): CsvCell[][] {
  return schedule.map(({ user, phase, started, late, dropped, skipped }) => [
    user,
    phase,
    started + dropped + skipped,
    started,
    late,
    dropped,
    skipped,
  ]);
}

function statusRows({ series, totals }: RunResult): CsvCell[][] {
  const rows = series
    .toSorted(byName)
    .flatMap(({ method, name, statuses = {} }) =>
      Object.entries(statuses).map(([status, requests]) => [method, name, status, requests]),
    );
  const all = Object.entries(totals.statuses ?? {});
  return [...rows, ...all.map(([status, requests]) => ['', 'Aggregated', status, requests])];
}

function statsRows({ series, totals }: RunResult): CsvCell[][] {
  const rows = series.toSorted(byName).map((row) => statsRow(row.method, row.name, row));
  return [...rows, statsRow('', 'Aggregated', totals)];
}

function statsRow(method: string, name: string, counts: TotalsResult): CsvCell[] {
  const { requests, failures, rate, latencyMs } = counts;
  const { p50, mean, min, max } = latencyMs;
  const failureRate = requests === 0 ? 0 : (rate * failures) / requests;
  const quantiles = QUANTILES.map(([, key]) => (key && requests > 0 ? latencyMs[key] : MISSING));
  return [
    method,
    name,
    requests,
    failures,
    p50,
    mean,
    min,
    max,
    averageSize(counts),
    rate,
    failureRate,
    ...quantiles,
  ];
}

/**
 * Rows for each second: one for each series in which a request ended, and one for the totals. Sums
 * are cumulative, as in Locust. Total response times are known only at the end.
 */
function historyRows(result: RunResult, seriesPoints: readonly SeriesPoint[]): CsvCell[][] {
  const { timeline, totals, run } = result;
  const startMs = Date.parse(run.startedAt);
  const bySecond = new Map<number, SeriesPoint[]>();
  for (const point of seriesPoints)
    bySecond.set(point.second, [...(bySecond.get(point.second) ?? []), point]);
  const ofSeries = new Map<string, Sums>();
  const ofAll: Sums = { requests: 0, failures: 0 };
  return timeline.flatMap((point, i) => {
    const when = [Math.floor(Date.parse(point.at) / 1_000), point.users];
    const second = Math.round((Date.parse(point.at) - startMs) / 1_000);
    const rows = (bySecond.get(second) ?? [])
      .toSorted((a, b) => byName(a.key, b.key))
      .map((one) => {
        const { method, name } = one.key;
        const sums = ofSeries.get(seriesId(one.key)) ?? { requests: 0, failures: 0 };
        ofSeries.set(seriesId(one.key), sums);
        return [...when, method, name, ...historyCells(one, sums), ...NOT_YET];
      });
    const atEnd = i === timeline.length - 1 ? endCells(totals) : NOT_YET;
    return [...rows, [...when, '', 'Aggregated', ...historyCells(point, ofAll), ...atEnd]];
  });
}

/** Counts of a series since the start. */
interface Sums {
  requests: number;
  failures: number;
}

/**
 * Rates, quantiles and cumulative sums of a second. @param sums the sums before it; this second is
 * added
 */
function historyCells(
  point: Pick<SeriesPoint, 'requests' | 'failures' | 'p50Ms' | 'p95Ms' | 'p99Ms'>,
  sums: Sums,
): CsvCell[] {
  sums.requests += point.requests;
  sums.failures += point.failures;
  const known: Record<string, number> = { p50: point.p50Ms, p95: point.p95Ms, p99: point.p99Ms };
  return [
    point.requests.toFixed(6),
    point.failures.toFixed(6),
    ...QUANTILES.map(([, key]) => (key && point.p99Ms > 0 && known[key]) || MISSING),
    sums.requests,
    sums.failures,
  ];
}

const NOT_YET: readonly CsvCell[] = Array.from({ length: 5 }, () => MISSING);

function endCells(totals: TotalsResult): CsvCell[] {
  const { p50, mean, min, max } = totals.latencyMs;
  return [p50, mean, min, max, averageSize(totals)];
}

function failureRows({ errors }: RunResult): CsvCell[][] {
  return errors
    .toSorted(byName)
    .map((row) => [
      row.method,
      row.name,
      row.error,
      row.occurrences,
      toSecond(row.firstSeenAt),
      toSecond(row.lastSeenAt),
    ]);
}

function exceptionRows({ exceptions }: RunResult): CsvCell[][] {
  return exceptions.map((row) => [row.occurrences, row.message, row.stack, '']);
}

function averageSize({ bytesReceived, requests }: TotalsResult): number {
  return requests === 0 ? 0 : bytesReceived / requests;
}

/** Locust’s order: by name, then by method. */
function byName(a: Pick<SeriesResult, 'name' | 'method'>, b: Pick<SeriesResult, 'name' | 'method'>): number {
  return compare(a.name, b.name) || compare(a.method, b.method);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function toSecond(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}

function table(columns: readonly string[], rows: readonly CsvCell[][]): string {
  return [columns, ...rows].map(csvLine).join('');
}
