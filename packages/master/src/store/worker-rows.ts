import { decodeValue, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import { withProgress, type StoredWorker, type WorkerProgress } from './run-store.js';

export const WORKERS_SCHEMA = 'CREATE TABLE workers(peer TEXT PRIMARY KEY, value BLOB NOT NULL);';

/** `progress` has how far the reports of a worker are, if that is newer than its row. */
export const WORKERS_UPGRADE = `
  CREATE TABLE IF NOT EXISTS progress(peer TEXT PRIMARY KEY, seq INTEGER NOT NULL, requests INTEGER NOT NULL) WITHOUT ROWID;
`;
/** Files have progress from this version on. */
const WITH_PROGRESS = 3;

export function readWorkers(db: Sqlite, version: number): StoredWorker[] {
  const rows = version < WITH_PROGRESS ? [] : db.all('SELECT peer, seq, requests FROM progress');
  const progress = new Map(
    rows.map(({ peer, seq, requests }) => [
      peer as string,
      [peer as string, Number(seq), Number(requests)] as const,
    ]),
  );
  return db.all('SELECT value FROM workers ORDER BY rowid').map(({ value }) => {
    const worker = decodeValue(value as Uint8Array) as StoredWorker;
    return withProgress(worker, progress.get(worker.peer));
  });
}

export function writeWorkers(db: Sqlite, workers: readonly StoredWorker[]): void {
  for (const worker of workers) {
    db.run('INSERT INTO workers VALUES (?, ?) ON CONFLICT(peer) DO UPDATE SET value = excluded.value', [
      worker.peer,
      encodeValue(worker),
    ]);
  }
}

export function writeProgress(db: Sqlite, progress: readonly WorkerProgress[]): void {
  if (progress.length === 0) return;
  const statement = db.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?)');
  try {
    for (const [peer, seq, requests] of progress) statement.run([peer, seq, requests]);
  } finally {
    statement.finalize();
  }
}
