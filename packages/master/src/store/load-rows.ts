import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { LoadOfSecond, StoredPoint } from '../intervals/stored-counts.js';

type StoredLoad = Required<LoadOfSecond>;

/** Running users by second, and since version 3 what the plan asked for. */
export const LOAD_SCHEMA = 'CREATE TABLE users(second INTEGER PRIMARY KEY, users INTEGER NOT NULL);';
export const LOAD_UPGRADE = `
  ALTER TABLE users ADD COLUMN plannedUsers INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE users ADD COLUMN plannedRate REAL NOT NULL DEFAULT 0;
`;

/** Replaces the load of a second. */
export function writeLoad(
  db: Sqlite,
  [second, users, plannedUsers = 0, plannedRate = 0]: LoadOfSecond,
): void {
  db.run('INSERT OR REPLACE INTO users VALUES (?, ?, ?, ?)', [second, users, plannedUsers, plannedRate]);
}

/** The load of a second; zeros if it is not known. */
export function readLoad(
  db: Sqlite,
  second: number,
): Pick<StoredPoint, 'users' | 'plannedUsers' | 'plannedRate'> {
  const row = db.get('SELECT * FROM users WHERE second = ?', second);
  const [, users, plannedUsers, plannedRate] = loadOf(row ?? { second, users: 0 });
  return { users, plannedUsers, plannedRate };
}

/** The load of each known second from this one on, in order. */
export function readLoads(db: Sqlite, fromSecond: number): StoredLoad[] {
  const rows = db.all('SELECT * FROM users WHERE second >= ? ORDER BY second', fromSecond);
  return rows.map((row) => loadOf(row));
}

/** Earlier versions did not store what was planned. */
function loadOf({ second, users, plannedUsers = 0, plannedRate = 0 }: Record<string, unknown>): StoredLoad {
  return [Number(second), Number(users), Number(plannedUsers), Number(plannedRate)];
}
