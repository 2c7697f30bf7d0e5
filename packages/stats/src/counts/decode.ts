import { ByteReader } from '../bytes.js';
import { checkDelta, type CheckDelta, type IntervalDelta, type SeriesDelta } from '../delta.js';
import type { PhasesDelta } from '../phases.js';
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
    const { checks, series } = open(reader.varint());
    for (let left = reader.varint(); left > 0; left--) checks.push(readCheck(reader, keyOf));
    for (let left = reader.varint(); left > 0; left--) series.push(readSeries(reader, keyOf));
  }
  for (const rare of rest) Object.assign(open(rare.second), rare);
  for (const delta of deltas.values()) checkDelta(delta);
  return [...deltas.values()];
}

function readCheck(reader: ByteReader, keyOf: KeyOf): CheckDelta {
  const name = keyOf(reader.varint());
  if (typeof name !== 'string') throw new RangeError('malformed counts: unknown check');
  return { name, passes: reader.varint(), fails: reader.varint() };
}

function readSeries(reader: ByteReader, keyOf: KeyOf): SeriesDelta {
  const key = keyOf(reader.varint());
  if (typeof key !== 'object') throw new RangeError('malformed counts: unknown series');
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
  const latency = readBytes(reader);
  const service = (parts & PART.service) === 0 ? undefined : readBytes(reader);
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
    errors,
  };
}

function readPhases(reader: ByteReader, parts: number): PhasesDelta {
  const requests = reader.varint();
  const ms = (): number => reader.varint() / PHASE_UNITS_PER_MS;
  const phases = { queuedMs: ms(), connectMs: ms(), sendMs: ms(), waitMs: ms(), receiveMs: ms() };
  return { requests, ...((parts & PART.late) !== 0 && { lateMs: ms() }), ...phases };
}

function readBytes(reader: ByteReader): Uint8Array {
  const end = reader.endOfBytes();
  const bytes = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return bytes;
}
