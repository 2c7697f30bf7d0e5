import { mergeDeltas, requestsIn, type IntervalDelta } from '@drumline/stats';
import { encodeDelta } from '@drumline/wire/stored';
import { loadSqlite } from '../../packages/master/dist/store/sqlite.js';

const COUNTS = 'requests INTEGER NOT NULL, failures INTEGER NOT NULL, delta BLOB NOT NULL';

/**
 * Rewrites a run file as an earlier version of Drumline wrote it.
 * @param deltas all counts of the run; no series may time parts of requests
 */
export function makeOlder(path: string, version: 1 | 2, deltas: readonly IntervalDelta[]): void {
  const db = new (loadSqlite().Database)(path);
  db.exec(`PRAGMA locking_mode=EXCLUSIVE; BEGIN; DROP TABLE keys; DROP TABLE tiers; DROP TABLE intervals;
    ALTER TABLE users DROP COLUMN plannedUsers; ALTER TABLE users DROP COLUMN plannedRate;
    CREATE TABLE intervals(second INTEGER PRIMARY KEY, ${COUNTS});`);
  if (version === 1) db.exec('DROP TABLE checkpoint; DROP TABLE late; DROP TABLE pages');
  for (const delta of mergeDeltas(deltas)) {
    const failures = delta.series.reduce((sum, one) => sum + one.failures, 0);
    const row = [delta.second, requestsIn(delta), failures, encodeDelta(delta)];
    db.run('INSERT INTO intervals VALUES (?, ?, ?, ?)', row);
  }
  db.exec(`PRAGMA user_version=${version}; COMMIT`);
  db.close();
}
