import type { SharedEntry } from '@drumline/model';
import { decodeValue, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';

/** The state that lanes share, by key. */
export const SHARED_UPGRADE =
  'CREATE TABLE IF NOT EXISTS shared(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;';
/** Files have it from this version on. */
const WITH_SHARED = 3;

export function readShared(db: Sqlite, version: number): SharedEntry[] {
  if (version < WITH_SHARED) return [];
  return db
    .all('SELECT key, value FROM shared')
    .map(({ key, value }) => [key as string, decodeValue(value as Uint8Array)] as const);
}

export function writeShared(db: Sqlite, entries: readonly SharedEntry[]): void {
  if (entries.length === 0) return;
  const put = db.prepare('INSERT OR REPLACE INTO shared VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM shared WHERE key = ?');
  try {
    for (const [key, value] of entries) {
      if (value === undefined) remove.run([key]);
      else put.run([key, encodeValue(value)]);
    }
  } finally {
    put.finalize();
    remove.finalize();
  }
}
