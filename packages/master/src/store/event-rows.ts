import type { IntervalEvent, PlacedEvent } from '@drumline/stats';
import { decodeDelta, decodeValue, encodeDelta, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { KeptEvents } from './kept-events.js';

/** The newest events of a run, which outputs may lack when another master resumes it. */
export const EVENTS_UPGRADE =
  'CREATE TABLE IF NOT EXISTS events(position INTEGER PRIMARY KEY, event BLOB NOT NULL);';
/** Files have them from this version on. */
const WITH_EVENTS = 3;

/** An event, still encoded. */
export type StoredEvent = readonly [position: number, event: Uint8Array];

export function readEvents(db: Sqlite, version: number): StoredEvent[] {
  if (version < WITH_EVENTS) return [];
  return db
    .all('SELECT position, event FROM events ORDER BY position')
    .map(({ position, event }) => [Number(position), event as Uint8Array]);
}

export function decodeEvent([position, bytes]: StoredEvent): PlacedEvent {
  const event = decodeValue(bytes) as IntervalEvent & { counts?: Uint8Array };
  if (event.type === 'reset') return { event, position };
  return { event: { ...event, counts: decodeDelta(event.counts as unknown as Uint8Array) }, position };
}

export function writeEvents(db: Sqlite, { events, from }: KeptEvents): void {
  if (from !== undefined) db.run('DELETE FROM events WHERE position < ?', from);
  for (const { event, position } of events) {
    const stored = event.type === 'reset' ? event : { ...event, counts: encodeDelta(event.counts) };
    db.run('INSERT OR REPLACE INTO events VALUES (?, ?)', [position, encodeValue(stored)]);
  }
}
