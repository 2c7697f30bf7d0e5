import type { SeriesKey } from '@drumline/model';
import { ByteReader } from '../bytes.js';
import { EMPTY_HISTOGRAM } from '../codec.js';
import {
  checkDelta,
  type CheckDelta,
  type IntervalDelta,
  type SeriesDelta,
  type WindowDelta,
} from '../delta.js';
import type { PhasesDelta } from '../phases.js';
import type { StatusCount } from '../statuses.js';
import { PART, PHASE_UNITS_PER_MS } from './encode.js';
import type { CountedKey, EncodedCounts } from './keys.js';
import { parseError } from './parse.js';

/** What an index stands for; undefined if it is unknown. */
export type KeyOf = (index: number) => CountedKey | undefined;

/**
 * Decodes what `encodeCounts` wrote. `OpenIntervals` merges counts without decoding them.
 * Histograms are views of the bytes.
 * @returns one delta for each second
 * @throws RangeError if the counts are invalid or use unknown keys
 */
export function decodeCounts(
  { counts, rest = [] }: Pick<EncodedCounts, 'counts' | 'rest'>,
  keyOf: KeyOf,
): IntervalDelta[] {
  const deltas = new Map<number, IntervalDelta>();
  const open = (second: number): IntervalDelta => {
    const delta = deltas.get(second) ?? { second, series: [], checks: [], metrics: [], exceptions: [] };
    deltas.set(second, delta);
    return delta;
  };
  const reader = new ByteReader(counts);
  while (reader.at < reader.end) {
    const delta = open(reader.varint());
    for (let left = reader.varint(); left > 0; left--) delta.checks.push(readCheck(reader, keyOf));
    for (let left = reader.varint(); left > 0; left--) delta.series.push(readSeries(reader, keyOf));
    const coarseLatency = readHistogram(reader);
    if (coarseLatency) delta.coarseLatency = coarseLatency;
    for (let left = reader.varint(); left > 0; left--)
      (delta.windows ??= []).push(readWindow(reader, delta.second, keyOf));
  }
  for (const rare of rest) Object.assign(open(rare.second), rare);
  for (const delta of deltas.values()) checkDelta(delta);
  return [...deltas.values()];
}

/** The counts of some series in the seconds of a list. */
export interface PickedCounts {
  readonly second: number;
  readonly series: SeriesDelta[];
  readonly windows: WindowDelta[];
}

/**
 * Decodes some series of what `encodeCounts` wrote, and skips the others. Histograms are views of
 * the bytes, and are not checked.
 * @param keyOf undefined for a series that is not wanted
 * @throws RangeError if the counts are invalid
 */
export function pickCounts(
  counts: Uint8Array,
  keyOf: (index: number) => SeriesKey | undefined,
): PickedCounts[] {
  const picked: PickedCounts[] = [];
  const reader = new ByteReader(counts);
  while (reader.at < reader.end) {
    const one: PickedCounts = { second: reader.varint(), series: [], windows: [] };
    for (let left = reader.varint(); left > 0; left--) skipVarints(reader, 3);
    for (let left = reader.varint(); left > 0; left--) {
      const key = keyOf(reader.varint());
      if (key) one.series.push(readCounts(reader, key));
      else skipSeries(reader);
    }
    readHistogram(reader);
    for (let left = reader.varint(); left > 0; left--) {
      const key = keyOf(reader.varint());
      const window = readTimes(reader, one.second);
      if (key) one.windows.push({ key, ...window });
    }
    picked.push(one);
  }
  return picked;
}

/** Skips what follows the index of a series. */
function skipSeries(reader: ByteReader): void {
  const parts = reader.byte();
  const has = (part: number): number => ((parts & part) === 0 ? 0 : 1);
  skipVarints(reader, 4 + has(PART.interrupted) + has(PART.resends));
  if (has(PART.phases)) skipVarints(reader, 6 + has(PART.late));
  if (has(PART.errors)) for (let left = reader.varint(); left > 0; left--) parseError(reader);
  if (has(PART.statuses)) skipVarints(reader, 2 * reader.varint());
  readHistogram(reader);
  if (has(PART.service)) readHistogram(reader);
}

function skipVarints(reader: ByteReader, number: number): void {
  for (let left = number; left > 0; left--) reader.varint();
}

function readCheck(reader: ByteReader, keyOf: KeyOf): CheckDelta {
  const name = keyOf(reader.varint());
  if (typeof name !== 'string') throw new RangeError('malformed counts: unknown check');
  return { name, passes: reader.varint(), fails: reader.varint() };
}

function readSeriesKey(reader: ByteReader, keyOf: KeyOf): SeriesKey {
  const key = keyOf(reader.varint());
  if (typeof key !== 'object') throw new RangeError('malformed counts: unknown series');
  return key;
}

function readWindow(reader: ByteReader, second: number, keyOf: KeyOf): WindowDelta {
  const key = readSeriesKey(reader, keyOf);
  return { key, ...readTimes(reader, second) };
}

function readTimes(reader: ByteReader, second: number): Omit<WindowDelta, 'key'> {
  const fromSecond = second - reader.varint();
  const latency = readHistogram(reader) ?? EMPTY_HISTOGRAM;
  const service = readHistogram(reader);
  return { fromSecond, latency, ...(service && { service }) };
}

/** @returns undefined for a histogram without values */
function readHistogram(reader: ByteReader): Uint8Array | undefined {
  const end = reader.endOfBytes();
  if (end === reader.at) return undefined;
  const histogram = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return histogram;
}

function readSeries(reader: ByteReader, keyOf: KeyOf): SeriesDelta {
  return readCounts(reader, readSeriesKey(reader, keyOf));
}

function readCounts(reader: ByteReader, key: SeriesKey): SeriesDelta {
  const parts = reader.byte();
  const requests = reader.varint();
  const failures = reader.varint();
  const bytesSent = reader.varint();
  const bytesReceived = reader.varint();
  const interrupted = (parts & PART.interrupted) === 0 ? 0 : reader.varint();
  const resends = (parts & PART.resends) === 0 ? 0 : reader.varint();
  const phases = (parts & PART.phases) === 0 ? undefined : readPhases(reader, parts);
  const errors: SeriesDelta['errors'] = [];
  if ((parts & PART.errors) !== 0) {
    for (let left = reader.varint(); left > 0; left--) errors.push(parseError(reader));
  }
  const statuses = (parts & PART.statuses) === 0 ? undefined : readStatuses(reader);
  const latency = readHistogram(reader) ?? EMPTY_HISTOGRAM;
  const service = (parts & PART.service) === 0 ? undefined : readHistogram(reader);
  return {
    key,
    requests,
    failures,
    interrupted,
    ...(resends > 0 && { resends }),
    bytesSent,
    bytesReceived,
    latency,
    ...(service && { service }),
    ...(phases && { phases }),
    ...(statuses && { statuses }),
    errors,
  };
}

function readStatuses(reader: ByteReader): StatusCount[] {
  const statuses: StatusCount[] = [];
  for (let left = reader.varint(); left > 0; left--) statuses.push([reader.varint(), reader.varint()]);
  return statuses;
}

function readPhases(reader: ByteReader, parts: number): PhasesDelta {
  const requests = reader.varint();
  const ms = (): number => reader.varint() / PHASE_UNITS_PER_MS;
  const phases = { queuedMs: ms(), connectMs: ms(), sendMs: ms(), waitMs: ms(), receiveMs: ms() };
  return { requests, ...((parts & PART.late) !== 0 && { lateMs: ms() }), ...phases };
}
