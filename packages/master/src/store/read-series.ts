import { seriesId, type SeriesKey } from '@drumline/model';
import type { PickedCounts } from '@drumline/stats';
import { decodeValue, pickIndexed } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import { ENCODING, readKeys } from './interval-rows.js';
import { CHECKPOINT_TERMS } from './intervals.js';
import { checkpointEnd } from './read-intervals.js';

/** Number of rows that are read at once. A row of 1,000 series has about 100 KB. */
const ROWS = 50;
/** More than any dictionary has. */
const MAX_KEYS = 2 ** 24;

/** What some series counted in a second, or in a block of seconds. */
interface StoredSteps extends PickedCounts {
  readonly seconds: number;
}

/** Counts of some series, ascending. Rows are read while they are iterated. */
export interface StoredSeries {
  /** Earlier seconds are in blocks. */
  readonly until: number;
  readonly steps: Iterable<StoredSteps>;
}

/**
 * Reads the counts of some series.
 * @param ids see `seriesId` @param from the first second, a multiple of ten
 */
export function readSeries(db: Sqlite, ids: ReadonlySet<string>, from: number): StoredSeries {
  const until = checkpointEnd(db);
  const keyOf = wantedKeys(db, ids);
  return { until, steps: stepsFrom(db, keyOf, from, until) };
}

function* stepsFrom(db: Sqlite, keyOf: KeyOf, from: number, until: number): Generator<StoredSteps> {
  yield* stepsIn(db, keyOf, { table: 'tiers', column: 'start', from, to: until });
  yield* stepsIn(db, keyOf, {
    table: 'intervals',
    column: 'second',
    from: Math.max(from, until),
    to: Infinity,
  });
}

type KeyOf = (dictionary: number, index: number) => SeriesKey | undefined;

function wantedKeys(db: Sqlite, ids: ReadonlySet<string>): KeyOf {
  const wanted = new Map<number, SeriesKey>();
  const place = (dictionary: number, index: number): number => dictionary * MAX_KEYS + index;
  for (const [dictionary, number, bytes] of readKeys(db)) {
    const key = decodeValue(bytes) as SeriesKey | string;
    if (typeof key === 'object' && ids.has(seriesId(key))) wanted.set(place(dictionary, number), key);
  }
  return (dictionary, index) => wanted.get(place(dictionary, index));
}

interface Rows {
  readonly table: 'tiers' | 'intervals';
  readonly column: 'start' | 'second';
  readonly from: number;
  readonly to: number;
}

function* stepsIn(db: Sqlite, keyOf: KeyOf, { table, column, from, to }: Rows): Generator<StoredSteps> {
  const seconds = table === 'tiers' ? CHECKPOINT_TERMS.tierSeconds : 1;
  const encoding = table === 'intervals' ? `AND encoding = ${ENCODING.indexed}` : '';
  const query = `SELECT ${column} AS at, delta, dictionary FROM ${table}
    WHERE ${column} > ? ${encoding} ORDER BY ${column} LIMIT ${ROWS}`;
  for (let after = from - 1; ;) {
    const rows = db.all(query, after);
    for (const { at, delta, dictionary } of rows) {
      if (Number(at) >= to) return;
      for (const counts of pickIndexed(delta as Uint8Array, (index) => keyOf(Number(dictionary), index)))
        yield { ...counts, seconds };
    }
    if (rows.length < ROWS) return;
    after = Number(rows.at(-1)!['at']);
  }
}
