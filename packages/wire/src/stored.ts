import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { checkDelta, type IntervalDelta } from '@drumline/stats';
import { Packr } from '#msgpackr';
import { Compile } from '#typebox';
import { intervalDelta } from './messages/deltas.js';

/**
 * How the run store writes values: msgpack, as on the wire, so that every version of Node reads the files of every other;
 * what was counted is deflated as well (RFC 1951), as a second repeats the names of all series.
 */
const packr = new Packr({ useRecords: false, int64AsType: 'number' });
const guard = Compile(intervalDelta);
/** The names of the series are what shrinks, and the quickest level finds them. */
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
  if (!guard.Check(delta)) throw new RangeError('not what a second counted');
  checkDelta(delta);
  return delta;
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return packr.unpack(inflateRawSync(bytes));
  } catch (error) {
    throw new RangeError(`not what a second counted: ${(error as Error).message}`, { cause: error });
  }
}
