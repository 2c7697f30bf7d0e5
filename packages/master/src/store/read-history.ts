import { SecondSum, type RunHistory } from '@drumline/stats';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import { CHECKPOINT_TERMS } from './intervals.js';
import { ENCODING, readKeys, StoredKeys, storedRow } from './interval-rows.js';

/** Number of rows that are read at once. */
const ROWS = 600;

/**
 * Reads the counts of a run. Rows are read while they are iterated.
 * @param hasTiers whether the version of the file has them
 */
export function readHistory(db: Sqlite, hasTiers: boolean): RunHistory {
  const keys = new StoredKeys(hasTiers ? readKeys(db) : []);
  const isTiered = hasTiers && hasSums(db);
  return {
    tierSeconds: isTiered ? CHECKPOINT_TERMS.tierSeconds : undefined,
    *seconds() {
      for (const row of rowsOf(db, 'intervals', 'second')) {
        const second = Number(row['second']);
        const stored = storedRow(hasTiers ? row : { ...row, encoding: ENCODING.delta, dictionary: 0 });
        if (stored.encoding === ENCODING.sum) yield { second, sum: SecondSum.decode(stored.bytes) };
        else {
          const delta = keys.deltaOf(stored);
          yield { second, sum: SecondSum.of(delta), delta };
        }
      }
    },
    *tiers() {
      if (!isTiered) return;
      for (const row of rowsOf(db, 'tiers', 'start'))
        yield keys.deltaOf(storedRow({ ...row, encoding: ENCODING.indexed }));
    },
  };
}

/** Tiers are also written ahead of the seconds that they replace. */
function hasSums(db: Sqlite): boolean {
  return Boolean(db.get(`SELECT second FROM intervals WHERE encoding = ${ENCODING.sum} LIMIT 1`));
}

function* rowsOf(db: Sqlite, table: string, column: string): Generator<Record<string, unknown>> {
  for (let after = -1; ;) {
    const rows = db.all(`SELECT * FROM ${table} WHERE ${column} > ? ORDER BY ${column} LIMIT ${ROWS}`, after);
    yield* rows;
    if (rows.length < ROWS) return;
    after = Number(rows.at(-1)![column]);
  }
}
