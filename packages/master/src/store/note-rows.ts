import type { Note } from '@drumline/model';
import { decodeValue, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { StoredRun } from './run-store.js';

/**
 * Notes that are newer than those in the fields of the run. The table lets a commit write only new
 * notes.
 */
export const NOTES_UPGRADE = 'CREATE TABLE IF NOT EXISTS notes(key TEXT PRIMARY KEY, value BLOB NOT NULL);';
/** Files have it from this version on. */
const WITH_NOTES = 2;

/** The run with the notes of the table, too. */
export function withNotes(run: StoredRun, db: Sqlite, version: number): StoredRun {
  if (version < WITH_NOTES) return run;
  const later = db
    .all('SELECT key, value FROM notes ORDER BY rowid')
    .map(({ key, value }) => [key as string, decodeValue(value as Uint8Array) as Note] as const);
  return { ...run, notes: [...new Map([...run.notes, ...later])] };
}

export function writeNotes(db: Sqlite, notes: StoredRun['notes']): void {
  for (const [key, note] of notes) {
    db.run('INSERT INTO notes VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value', [
      key,
      encodeValue(note),
    ]);
  }
}
