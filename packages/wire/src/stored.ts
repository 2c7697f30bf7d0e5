import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { checkDelta, type IntervalDelta } from '@drumline/stats';
import { Packr } from '#msgpackr';
import { Compile } from '#typebox';
import { intervalDelta } from './messages/deltas.js';

/**
 * Encodes values of the run store: msgpack as on the wire, so that all versions of Node can read
 * them. Deltas are also compressed (RFC 1951), because they repeat the names of all series.
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

export function encodeDelta(delta: IntervalDelta): Uint8Array {
  return deflateRawSync(packr.pack(delta), { level: LEVEL });
}

/** @throws RangeError if the bytes are not a delta */
export function decodeDelta(bytes: Uint8Array): IntervalDelta {
  const delta = unpack(bytes);
  if (!guard.Check(delta)) throw new RangeError('not a stored delta');
  checkDelta(delta);
  return delta;
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return packr.unpack(inflateRawSync(bytes));
  } catch (error) {
    throw new RangeError(`not a stored delta: ${(error as Error).message}`, { cause: error });
  }
}
