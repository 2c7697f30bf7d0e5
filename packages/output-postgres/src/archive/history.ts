import type { SeriesKey } from '@drumline/model';
import {
  addEncoded,
  encodeHistogram,
  Histogram,
  mergeEncoded,
  SecondSum,
  type HistorySecond,
  type IntervalDelta,
  type RunHistory,
} from '@drumline/stats';
import type { ClientBase } from 'pg';
import { readStatuses, type StoredStatuses } from '../rows/statuses.js';

/** Rows of series in memory at most. Longer histories are merged while they are read. */
const MOST_ROWS = 100_000;
const TIER_SECONDS = 10;
const FETCHED_ROWS = 5_000;
const EMPTY = encodeHistogram(new Histogram());

/** Reads what a run counted over its time. */
export async function readHistory(client: ClientBase, schema: string, runId: string): Promise<RunHistory> {
  await client.query('BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ');
  try {
    const { rows: sizes } = await client.query<{ rows: string; timed: number | null }>(
      `SELECT count(*) AS rows, max(timed_seconds) AS timed FROM ${schema}.second WHERE run_id = $1`,
      [runId],
    );
    const size = sizes[0]!;
    // Response times of several seconds fit only into intervals that no such period crosses.
    const isTiered = Number(size.rows) > MOST_ROWS || (size.timed ?? 1) > 1;
    const keys = await readKeys(client, schema, runId);
    const intervals = new Intervals(keys, isTiered ? TIER_SECONDS : 1);
    for await (const row of seriesRows(client, schema, runId)) intervals.add(row);
    const { rows: seconds } = await client.query<SumRow>(
      `SELECT second, requests, failures, latency FROM ${schema}.run_second WHERE run_id = $1 ORDER BY at`,
      [runId],
    );
    return historyOf(seconds, intervals, isTiered);
  } finally {
    await client.query('ROLLBACK');
  }
}

interface SumRow {
  readonly second: number;
  readonly requests: string;
  readonly failures: string;
  readonly latency: Buffer | null;
}

interface SeriesRow extends SumRow {
  readonly series_id: string;
  readonly statuses: StoredStatuses | null;
}

function historyOf(seconds: readonly SumRow[], intervals: Intervals, isTiered: boolean): RunHistory {
  return {
    tierSeconds: isTiered ? TIER_SECONDS : undefined,
    *seconds(): Generator<HistorySecond> {
      for (const row of seconds) {
        const sum = new SecondSum();
        sum.requests = Number(row.requests);
        sum.failures = Number(row.failures);
        if (row.latency) addEncoded(sum.latency, row.latency);
        const delta = isTiered ? undefined : intervals.deltaOf(row.second);
        yield { second: row.second, sum, ...(delta && { delta }) };
      }
    },
    *tiers() {
      if (isTiered) yield* intervals.deltas();
    },
  };
}

async function readKeys(client: ClientBase, schema: string, runId: string): Promise<Map<string, SeriesKey>> {
  const { rows } = await client.query<{
    series_id: string;
    protocol: string;
    method: string;
    name: string;
    user_type: string;
    tags: Record<string, string>;
  }>(`SELECT * FROM ${schema}.series WHERE run_id = $1`, [runId]);
  return new Map(
    rows.map(({ series_id: id, protocol, method, name, user_type: user, tags }) => {
      const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
      return [id, { protocol, method, name, user, tags: sorted }];
    }),
  );
}

/** Rows in the order of time. */
async function* seriesRows(client: ClientBase, schema: string, runId: string): AsyncGenerator<SeriesRow> {
  await client.query({
    text: `DECLARE rows NO SCROLL CURSOR FOR
           SELECT second, series_id, requests, failures, latency, statuses FROM ${schema}.second
           WHERE run_id = $1 ORDER BY at`,
    values: [runId],
  });
  for (;;) {
    const { rows } = await client.query<SeriesRow>(`FETCH ${FETCHED_ROWS} FROM rows`);
    yield* rows;
    if (rows.length < FETCHED_ROWS) return;
  }
}

interface Counts {
  requests: number;
  failures: number;
  latency: Uint8Array;
  /** Requests by status, once one has a status. */
  statuses?: Record<string, number>;
}

/** The counts of series in intervals of equal length. */
class Intervals {
  /** By first second, then by id of the series. */
  private readonly counts = new Map<number, Map<string, Counts>>();

  constructor(
    private readonly keys: ReadonlyMap<string, SeriesKey>,
    private readonly seconds: number,
  ) {}

  add({ second, series_id: id, requests, failures, latency, statuses }: SeriesRow): void {
    const first = second - (second % this.seconds);
    let series = this.counts.get(first);
    if (series === undefined) this.counts.set(first, (series = new Map<string, Counts>()));
    const known: Counts = series.get(id) ?? { requests: 0, failures: 0, latency: EMPTY };
    known.requests += Number(requests);
    known.failures += Number(failures);
    if (latency) known.latency = mergeEncoded(known.latency, latency);
    if (statuses) {
      known.statuses ??= {};
      for (const [status, count] of Object.entries(statuses))
        known.statuses[status] = (known.statuses[status] ?? 0) + count;
    }
    series.set(id, known);
  }

  *deltas(): Generator<IntervalDelta> {
    for (const first of this.counts.keys()) yield this.deltaOf(first);
  }

  deltaOf(second: number): IntervalDelta {
    const about = { interrupted: 0, bytesSent: 0, bytesReceived: 0, errors: [] };
    const series = [...(this.counts.get(second) ?? [])].map(([id, { statuses, ...counts }]) => ({
      ...about,
      ...counts,
      ...(statuses && { statuses: readStatuses(statuses) }),
      key: this.keys.get(id)!,
    }));
    return { second, series, checks: [], metrics: [], exceptions: [] };
  }
}
