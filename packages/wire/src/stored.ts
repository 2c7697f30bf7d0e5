import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SeriesKey } from '@drumline/model';
import {
  checkDelta,
  decodeCounts,
  encodeCounts,
  pickCounts,
  type CountedKey,
  type IntervalDelta,
  type KeyDictionary,
  type NamedKey,
  type PickedCounts,
  type RareCounts,
} from '@drumline/stats';
import { Packr } from '#msgpackr';
import { Compile } from '#typebox';
import { intervalDelta } from './messages/deltas.js';

/**
 * Encodes values of the run store: msgpack as on the wire, so that all versions of Node can read
 * them. Counts are also deflated (RFC 1951).
 */
const packr = new Packr({ useRecords: false, int64AsType: 'number' });
const guard = Compile(intervalDelta);
/** The fastest level is enough to compress repeated names. */
const LEVEL = 1;

export function encodeValue(value: unknown): Uint8Array {
  return packr.pack(value);
}

export function decodeValue(bytes: Uint8Array): unknown {
  return packr.unpack(bytes);
}

/** Encodes a delta with the names of its series. */
export function encodeDelta(delta: IntervalDelta): Uint8Array {
  return deflateRawSync(packr.pack(delta), { level: LEVEL });
}

/** @throws RangeError if the bytes are not a delta */
export function decodeDelta(bytes: Uint8Array): IntervalDelta {
  const delta = unpack(bytes) as IntervalDelta;
  if (!guard.Check(delta)) throw new RangeError('not a stored delta');
  checkDelta(delta);
  return delta;
}

/** A delta whose series and checks are indexes of a dictionary. */
export interface IndexedDelta {
  readonly bytes: Uint8Array;
  /** Number of the dictionary, see `KeyDictionary`. */
  readonly dictionary: number;
  /** All keys that it uses. */
  readonly keys: readonly NamedKey[];
}

/** Encodes a delta without the names of its series: half as large, and faster. */
export function encodeIndexed(delta: IntervalDelta, dictionary: KeyDictionary): IndexedDelta {
  const { second } = delta;
  // Spans are for outputs, which get them before.
  const { spans: _, ...counted } = delta;
  const { counts, rest = [], keys, dictionary: number } = encodeCounts([counted], dictionary);
  const bytes = deflateRawSync(packr.pack([second, counts, rest]), { level: LEVEL });
  return { bytes, dictionary: number, keys };
}

/**
 * @param keyOf what the indexes of its dictionary stand for
 * @throws RangeError if the bytes are not an indexed delta, or a key is unknown
 */
export function decodeIndexed(
  bytes: Uint8Array,
  keyOf: (index: number) => CountedKey | undefined,
): IntervalDelta {
  const [second, counts, rest] = unpack(bytes) as [number, Uint8Array, RareCounts[]];
  const empty = { second, series: [], checks: [], metrics: [], exceptions: [] };
  const [delta = empty] = decodeCounts({ counts, rest }, keyOf);
  if (!guard.Check(delta)) throw new RangeError('not a stored delta');
  return delta;
}

/**
 * Decodes some series of an indexed delta, much faster than all of it.
 * @param keyOf undefined for a series that is not wanted
 * @throws RangeError if the bytes are not an indexed delta
 */
export function pickIndexed(
  bytes: Uint8Array,
  keyOf: (index: number) => SeriesKey | undefined,
): PickedCounts[] {
  const [, counts] = unpack(bytes) as [number, Uint8Array];
  return pickCounts(counts, keyOf);
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return packr.unpack(inflateRawSync(bytes));
  } catch (error) {
    throw new RangeError(`not a stored delta: ${(error as Error).message}`, { cause: error });
  }
}
