import { decodeValue, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { StoredWorkerHistory } from '../allocation/worker-history.js';

/** The workers over the time of the run. Files that were begun earlier lack the table. */
export const HISTORIES_UPGRADE =
  'CREATE TABLE IF NOT EXISTS histories(peer TEXT PRIMARY KEY, value BLOB NOT NULL);';

/** The encoded history of a worker. */
export type HistoryRow = readonly [peer: string, history: Uint8Array];

/** Figures in tenths, as integers: those take a third of the bytes of fractions. */
interface EncodedHistory {
  readonly stepSeconds: number;
  readonly seconds: readonly number[];
  readonly cpu: readonly number[];
  readonly loopDelay: readonly number[];
  readonly roundTrip: readonly number[];
  readonly lanesBusy: readonly (readonly number[])[];
  readonly changes: readonly (readonly [second: number, state: string, lane?: number])[];
  readonly states: StoredWorkerHistory['states'];
}

/** Takes less than 0.1 ms. A structured clone of the points would take three times as long. */
export function encodeHistory({ stepSeconds, points, changes, states }: StoredWorkerHistory): Uint8Array {
  const encoded: EncodedHistory = {
    stepSeconds,
    seconds: points.map(({ second }) => second),
    cpu: points.map(({ cpuPercent }) => tenths(cpuPercent)),
    loopDelay: points.map(({ loopDelayMs }) => tenths(loopDelayMs)),
    roundTrip: points.map(({ roundTripMs }) => tenths(roundTripMs)),
    lanesBusy: points.map(({ lanesBusyPercent }) => lanesBusyPercent.map(tenths)),
    changes: changes.map(({ second, state, lane }) =>
      lane === undefined ? [second, state] : [second, state, lane],
    ),
    states,
  };
  // A copy: the buffer of the encoder is larger, and a message to a thread would copy all of it.
  return new Uint8Array(encodeValue(encoded));
}

export function decodeHistory(bytes: Uint8Array): StoredWorkerHistory {
  const { stepSeconds, seconds, cpu, loopDelay, roundTrip, lanesBusy, changes, states } = decodeValue(
    bytes,
  ) as EncodedHistory;
  return {
    stepSeconds,
    points: seconds.map((second, index) => ({
      second,
      cpuPercent: cpu[index]! / 10,
      loopDelayMs: loopDelay[index]! / 10,
      roundTripMs: roundTrip[index]! / 10,
      lanesBusyPercent: lanesBusy[index]!.map((share) => share / 10),
    })),
    changes: changes.map(([second, state, lane]) => ({ second, state, ...(lane !== undefined && { lane }) })),
    states,
  };
}

export function readHistories(db: Sqlite): HistoryRow[] {
  if (!db.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'histories'")) return [];
  return db
    .all('SELECT peer, value FROM histories')
    .map(({ peer, value }) => [peer as string, value as Uint8Array]);
}

export function writeHistories(db: Sqlite, rows: readonly HistoryRow[]): void {
  if (rows.length === 0) return;
  const statement = db.prepare('INSERT OR REPLACE INTO histories VALUES (?, ?)');
  try {
    for (const [peer, history] of rows) statement.run([peer, history]);
  } finally {
    statement.finalize();
  }
}

function tenths(value: number): number {
  return Math.round(value * 10);
}
