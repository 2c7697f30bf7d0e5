import { timesParts } from '@drumline/model';
import { mergeDeltas, pointOf, requestsIn, Totals, type IntervalDelta } from '@drumline/stats';
import { decodeDelta, encodeDelta } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { StoredPoint } from '../intervals/stored-counts.js';
import { decodePage, encodePage, pageOf } from './points.js';

/**
 * `intervals` has the counts of each second. `checkpoint` has the sum of all seconds before
 * `until`. Counts that arrived for those seconds later are also in `late`. `pages` has the timeline
 * points of those seconds.
 */
export const INTERVALS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS intervals(second INTEGER PRIMARY KEY, requests INTEGER NOT NULL, failures INTEGER NOT NULL, delta BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS users(second INTEGER PRIMARY KEY, users INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS checkpoint(id INTEGER PRIMARY KEY, until INTEGER NOT NULL, requests INTEGER NOT NULL, failures INTEGER NOT NULL, totals BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS late(id INTEGER PRIMARY KEY, requests INTEGER NOT NULL, failures INTEGER NOT NULL, delta BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS pages(page INTEGER PRIMARY KEY, points BLOB NOT NULL);
`;

/** When seconds are added to the checkpoint. */
export interface CheckpointTerms {
  /** A second counts as complete after this time. Later counts are added separately. */
  readonly lagSeconds: number;
  /** Seconds between two checkpoints. */
  readonly everySeconds: number;
  /**
   * Maximum time that a large checkpoint is delayed. It is delayed while little was written since
   * the last one.
   */
  readonly atMostSeconds: number;
  /** Time that one transaction may spend on the checkpoint, milliseconds. */
  readonly budgetMs: number;
}

export const CHECKPOINT_TERMS: CheckpointTerms = {
  lagSeconds: 10,
  everySeconds: 60,
  atMostSeconds: 600,
  budgetMs: 25,
};

/** The stored counts, still encoded. */
export interface StoredIntervals {
  /** Earlier seconds are in `totals` and `pages`, later ones in `deltas` and `users`. */
  readonly until: number;
  readonly totals: readonly Uint8Array[];
  readonly pages: readonly (readonly [page: number, points: Uint8Array])[];
  readonly deltas: readonly Uint8Array[];
  readonly users: readonly (readonly [second: number, users: number])[];
}

/** The next checkpoint, in progress. */
interface Draft {
  readonly totals: Totals;
  /** Seconds before this one are in `totals`. */
  until: number;
  /** Points of the seconds from the last checkpoint to `until`. */
  readonly points: Map<number, StoredPoint>;
  /** Size of the intervals written since the last checkpoint. */
  writtenBytes: number;
}

/**
 * The tables of counts. Every call must be part of a transaction of the caller. Creates
 * checkpoints, so that only the last minutes must be read in full.
 */
export class Intervals {
  /** Seconds before this one are in the checkpoint of the file. */
  private until: number;
  /** The value of `until` in the last committed transaction. */
  private committedUntil: number;
  private checkpointBytes = 0;
  private newest = -1;
  private draft: Draft | undefined;
  /** Cache of the newest seconds, which are likely to change again. */
  private readonly recent = new Map<number, IntervalDelta>();

  constructor(
    private readonly db: Sqlite,
    /** The limit of the run. */
    private readonly maxSeries: () => number,
    private readonly terms: CheckpointTerms,
  ) {
    this.until = this.committedUntil = checkpointEnd(db);
  }

  /**
   * Merges deltas into the stored seconds, so the file grows with seconds and series, not with
   * workers.
   * @returns the changed points of seconds that are already in the checkpoint
   */
  add(deltas: readonly IntervalDelta[]): StoredPoint[] {
    return mergeDeltas(deltas).flatMap((delta) => {
      const { second } = delta;
      const before = this.recent.get(second) ?? this.read(second);
      const [whole] = mergeDeltas(before ? [before, delta] : [delta]) as [IntervalDelta];
      this.write(whole);
      this.newest = Math.max(this.newest, second);
      if (second >= (this.draft?.until ?? this.until)) {
        this.recent.set(second, whole);
        return [];
      }
      this.draft?.totals.add(delta);
      const point = this.pointOf(second, whole);
      if (second >= this.until) {
        this.draft!.points.set(second, point);
        return [];
      }
      this.db.run('INSERT INTO late(requests, failures, delta) VALUES (?, ?, ?)', [
        requestsIn(delta),
        failuresIn(delta),
        encodeDelta(delta),
      ]);
      this.writePoints([point]);
      return [point];
    });
  }

  /** Stores how many users ran. The last value of a second wins. */
  ran(users: readonly (readonly [second: number, users: number])[]): void {
    for (const [second, count] of users) {
      this.db.run('INSERT OR REPLACE INTO users VALUES (?, ?)', [second, count]);
      this.newest = Math.max(this.newest, second);
      if (second >= (this.draft?.until ?? this.until)) continue;
      const point = this.pointOf(second, this.read(second));
      if (second >= this.until) this.draft!.points.set(second, point);
      else this.writePoints([point]);
    }
  }

  reset(): void {
    this.db.exec('DELETE FROM intervals; DELETE FROM checkpoint; DELETE FROM late; DELETE FROM pages');
    this.startFrom(0);
  }

  /** Creates the next checkpoint, or a part of it. */
  advance(): void {
    const end = this.newest - this.terms.lagSeconds;
    if (end < (this.draft?.until ?? this.until)) return;
    const draft = (this.draft ??= this.begin());
    const deadlineMs = performance.now() + this.terms.budgetMs;
    while (draft.until <= end && performance.now() < deadlineMs) this.fold(draft);
    for (const second of this.recent.keys()) if (second < end) this.recent.delete(second);
    if (this.isDue(draft)) this.commit(draft);
  }

  private isDue({ until, writtenBytes }: Draft): boolean {
    const seconds = until - this.until;
    if (seconds < this.terms.everySeconds) return false;
    return writtenBytes >= this.checkpointBytes / 2 || seconds >= this.terms.atMostSeconds;
  }

  /** Must be called after the transaction was committed. */
  committed(): void {
    this.committedUntil = this.until;
  }

  /** Must be called after the transaction failed. Discards its cached state. */
  rolledBack(): void {
    this.startFrom(this.committedUntil);
  }

  private startFrom(until: number): void {
    this.draft = undefined;
    this.recent.clear();
    this.until = until;
  }

  private begin(): Draft {
    const totals = new Totals(this.maxSeries());
    for (const bytes of totalsIn(this.db)) totals.add(decodeDelta(bytes));
    return { totals, until: this.until, points: new Map(), writtenBytes: 0 };
  }

  private fold(draft: Draft): void {
    const second = draft.until;
    const delta = this.recent.get(second) ?? this.read(second);
    if (delta) draft.totals.add(delta);
    draft.points.set(second, this.pointOf(second, delta));
    draft.until += 1;
    this.recent.delete(second);
  }

  private commit(draft: Draft): void {
    const delta = draft.totals.delta(0);
    const bytes = encodeDelta(delta);
    this.db.exec('DELETE FROM late');
    this.db.run('INSERT OR REPLACE INTO checkpoint VALUES (0, ?, ?, ?, ?)', [
      draft.until,
      requestsIn(delta),
      failuresIn(delta),
      bytes,
    ]);
    this.writePoints([...draft.points.values()]);
    draft.points.clear();
    draft.writtenBytes = 0;
    this.until = draft.until;
    this.checkpointBytes = bytes.length;
  }

  private read(second: number): IntervalDelta | undefined {
    const row = this.db.get('SELECT delta FROM intervals WHERE second = ?', second);
    return row ? decodeDelta(row['delta'] as Uint8Array) : undefined;
  }

  private write(delta: IntervalDelta): void {
    const bytes = encodeDelta(delta);
    if (this.draft) this.draft.writtenBytes += bytes.length;
    this.db.run('INSERT OR REPLACE INTO intervals VALUES (?, ?, ?, ?)', [
      delta.second,
      requestsIn(delta),
      failuresIn(delta),
      bytes,
    ]);
  }

  private pointOf(second: number, delta: IntervalDelta | undefined): StoredPoint {
    const row = this.db.get('SELECT users FROM users WHERE second = ?', second);
    return { ...pointOf(second, delta), users: Number(row?.['users'] ?? 0) };
  }

  private writePoints(points: readonly StoredPoint[]): void {
    for (const page of new Set(points.map(({ second }) => pageOf(second)))) {
      const row = this.db.get('SELECT points FROM pages WHERE page = ?', page);
      const before = row ? decodePage(page, row['points'] as Uint8Array) : [];
      const mine = points.filter(({ second }) => pageOf(second) === page);
      this.db.run('INSERT OR REPLACE INTO pages VALUES (?, ?)', [page, encodePage([...before, ...mine])]);
    }
  }
}

/**
 * Reads all counts.
 * @param hasCheckpoints false for a file of an older version without checkpoints
 */
export function readIntervals(db: Sqlite, hasCheckpoints: boolean): StoredIntervals {
  const until = hasCheckpoints ? checkpointEnd(db) : 0;
  return {
    until,
    totals: hasCheckpoints ? totalsIn(db) : [],
    pages: hasCheckpoints
      ? db
          .all('SELECT page, points FROM pages ORDER BY page')
          .map(({ page, points }) => [Number(page), points as Uint8Array] as const)
      : [],
    deltas: db
      .all('SELECT delta FROM intervals WHERE second >= ? ORDER BY second', until)
      .map(({ delta }) => delta as Uint8Array),
    users: db
      .all('SELECT second, users FROM users WHERE second >= ? ORDER BY second', until)
      .map(({ second, users }) => [Number(second), Number(users)] as const),
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
export function summarizeIntervals(db: Sqlite, hasCheckpoints: boolean): IntervalsSummary {
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

function checkpointEnd(db: Sqlite): number {
  return Number(db.get('SELECT until FROM checkpoint')?.['until'] ?? 0);
}

function totalsIn(db: Sqlite): Uint8Array[] {
  return ['SELECT totals AS delta FROM checkpoint', 'SELECT delta FROM late ORDER BY id'].flatMap((query) =>
    db.all(query).map(({ delta }) => delta as Uint8Array),
  );
}

/** Counts failures as `Totals` does. */
function failuresIn({ series }: IntervalDelta): number {
  return series.reduce((sum, { key, failures }) => sum + (timesParts(key) ? 0 : failures), 0);
}
