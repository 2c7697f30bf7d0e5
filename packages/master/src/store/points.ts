import type { Database as Sqlite } from 'node-sqlite3-wasm';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LATENCY_BANDS, NO_BANDS } from '@drumline/stats';
import type { StoredPoint } from '../intervals/stored-counts.js';

/** Number of seconds that are written as one value. */
const POINTS_A_PAGE = 60;

type Field = Exclude<keyof StoredPoint, 'second' | 'bands'>;

/**
 * Positions of the fields. New fields must go to the end: pages of older versions have zeros there.
 */
const PLACES: Readonly<Record<Field, number>> = {
  requests: 0,
  failures: 1,
  interrupted: 2,
  p50Ms: 3,
  p95Ms: 4,
  p99Ms: 5,
  users: 6,
  failedChecks: 7,
  exceptions: 8,
  coarseTimes: 9,
  started: 10,
  late: 11,
  dropped: 12,
  skipped: 13,
  plannedUsers: 14,
  plannedRate: 15,
};
const FIELDS = Object.entries(PLACES) as [Field, number][];
/** The position of the first band of response times. */
const BANDS_AT = FIELDS.length;

function pageOf(second: number): number {
  return Math.floor(second / POINTS_A_PAGE);
}

/** Replaces points of the timeline in the file. */
export function writePoints(db: Sqlite, points: readonly StoredPoint[]): void {
  for (const page of new Set(points.map(({ second }) => pageOf(second)))) {
    const row = db.get('SELECT points FROM pages WHERE page = ?', page);
    const before = row ? decodePage(page, row['points'] as Uint8Array) : [];
    const mine = points.filter(({ second }) => pageOf(second) === page);
    db.run('INSERT OR REPLACE INTO pages VALUES (?, ?)', [page, encodePage([...before, ...mine])]);
  }
}

/** Encodes one page of a timeline: doubles, field by field, deflated (RFC 1951). */
function encodePage(points: readonly StoredPoint[]): Uint8Array {
  const values = new DataView(new ArrayBuffer((BANDS_AT + LATENCY_BANDS) * POINTS_A_PAGE * 8));
  for (const point of points) {
    for (const [field, at] of FIELDS) values.setFloat64(placeOf(at, point.second), point[field], true);
    point.bands.forEach((count, band) =>
      values.setFloat64(placeOf(BANDS_AT + band, point.second), count, true),
    );
  }
  return deflateRawSync(new Uint8Array(values.buffer), { level: 1 });
}

/** @returns all seconds of the page, with zeros where nothing was written */
export function decodePage(page: number, bytes: Uint8Array): StoredPoint[] {
  const { buffer, byteOffset, byteLength } = inflateRawSync(bytes);
  const values = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: POINTS_A_PAGE }, (_, i) => {
    const second = page * POINTS_A_PAGE + i;
    const read = (at: number): number => {
      const place = placeOf(at, second);
      return place < byteLength ? values.getFloat64(place, true) : 0;
    };
    const fields = FIELDS.map(([field, at]) => [field, read(at)]);
    const bands = NO_BANDS.map((_, band) => read(BANDS_AT + band));
    return { second, ...(Object.fromEntries(fields) as Record<Field, number>), bands };
  });
}

function placeOf(field: number, second: number): number {
  return (field * POINTS_A_PAGE + (second % POINTS_A_PAGE)) * 8;
}
