import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { LoadOfSecond } from '../intervals/stored-counts.js';
import { readLoads } from './load-rows.js';
import { ENCODING, readKeys, storedRow, type StoredKey, type StoredRow } from './interval-rows.js';

/** Files have checkpoints from this version on. */
const WITH_CHECKPOINTS = 2;
/** Rows have an encoding from this version on. */
const WITH_TIERS = 3;

/** The stored counts, still encoded. */
export interface StoredIntervals {
  /** Earlier seconds are in `totals` and `pages`, later ones in `deltas` and `users`. */
  readonly until: number;
  readonly totals: readonly Uint8Array[];
  readonly pages: readonly (readonly [page: number, points: Uint8Array])[];
  readonly deltas: readonly StoredRow[];
  /** The keys that the deltas use. */
  readonly keys: readonly StoredKey[];
  readonly users: readonly LoadOfSecond[];
}

/**
 * Reads all counts.
 * @param version of the file
 */
export function readIntervals(db: Sqlite, version: number): StoredIntervals {
  const hasCheckpoints = version >= WITH_CHECKPOINTS;
  const until = hasCheckpoints ? checkpointEnd(db) : 0;
  const columns = version >= WITH_TIERS ? '*' : `delta, ${ENCODING.delta} AS encoding, 0 AS dictionary`;
  return {
    until,
    totals: hasCheckpoints ? totalsIn(db) : [],
    pages: hasCheckpoints
      ? db
          .all('SELECT page, points FROM pages ORDER BY page')
          .map(({ page, points }) => [Number(page), points as Uint8Array] as const)
      : [],
    deltas: db
      .all(`SELECT ${columns} FROM intervals WHERE second >= ? ORDER BY second`, until)
      .map((row) => storedRow(row)),
    keys: version >= WITH_TIERS ? readKeys(db) : [],
    users: readLoads(db, until),
  };
}

/** Sums of the counts, and the last known second. */
export interface IntervalsSummary {
  readonly requests: number;
  readonly failures: number;
  /** The last second with counts; -1 for none. */
  readonly lastSecond: number;
  /** The last second with counts or a number of users; -1 for none. */
  readonly knownUntil: number;
}

/** Reads the sums without decoding deltas. */
export function summarizeIntervals(db: Sqlite, version: number): IntervalsSummary {
  const hasCheckpoints = version >= WITH_CHECKPOINTS;
  const until = hasCheckpoints ? checkpointEnd(db) : 0;
  const sums = ['intervals WHERE second >= ?', ...(hasCheckpoints ? ['checkpoint', 'late'] : [])].map(
    (from) =>
      db.get(
        `SELECT total(requests) AS requests, total(failures) AS failures FROM ${from}`,
        ...(from.includes('?') ? [until] : []),
      )!,
  );
  const last = (table: string): number =>
    Number(db.get(`SELECT coalesce(max(second), -1) AS last FROM ${table}`)!['last']);
  const lastSecond = last('intervals');
  return {
    requests: sums.reduce((sum, row) => sum + Number(row['requests']), 0),
    failures: sums.reduce((sum, row) => sum + Number(row['failures']), 0),
    lastSecond,
    knownUntil: Math.max(lastSecond, last('users')),
  };
}

/** The first second that is not in the checkpoint. */
export function checkpointEnd(db: Sqlite): number {
  return Number(db.get('SELECT until FROM checkpoint')?.['until'] ?? 0);
}

/** Encoded deltas whose sum is that of the seconds in the checkpoint. */
export function totalsIn(db: Sqlite): Uint8Array[] {
  return ['SELECT totals AS delta FROM checkpoint', 'SELECT delta FROM late ORDER BY id'].flatMap((query) =>
    db.all(query).map(({ delta }) => delta as Uint8Array),
  );
}
