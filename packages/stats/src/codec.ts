import { Histogram, type HistogramParts } from './histogram.js';
import { BUCKETS, clampedBucketOf } from './layout.js';

/**
 * The encoding of a histogram: a format byte, then varints: count, sum, min, max, and for each used
 * bucket, ascending, the distance from the previous one (or from 0) and its count. It takes about 2
 * bytes per bucket, or 5 bytes if empty. Varints are little-endian base 128, at most 8 bytes and at
 * most 2^53 - 1.
 */
const FORMAT = 1;
const VARINT_MAX_BYTES = 8;
const PAIR_MAX_BYTES = 3 + VARINT_MAX_BYTES;

/** Buffer in which histograms are encoded. */
let scratch = new Uint8Array(4096);

/** Encodes a histogram. A sum beyond 2^53 - 1 is written as 2^53 - 1. */
export function encodeHistogram(histogram: Histogram): Uint8Array {
  let at = 0;
  scratch[at++] = FORMAT;
  at = writeVarint(at, histogram.count);
  at = writeVarint(at, Math.min(histogram.sum, Number.MAX_SAFE_INTEGER));
  at = writeVarint(at, histogram.min);
  at = writeVarint(at, histogram.max);
  let previous = 0;
  histogram.forEachBucket((bucket, count) => {
    if (at + PAIR_MAX_BYTES > scratch.length) scratch = enlarged(scratch);
    at = writeVarint(at, bucket - previous);
    at = writeVarint(at, count);
    previous = bucket;
  });
  return scratch.slice(0, at);
}

/** @throws RangeError if the bytes are not an encoded histogram */
export function decodeHistogram(bytes: Uint8Array): Histogram {
  const histogram = new Histogram();
  addEncoded(histogram, bytes);
  return histogram;
}

/**
 * Adds an encoded histogram.
 * @throws RangeError if the bytes are not an encoded histogram; nothing is added then
 */
export function addEncoded(histogram: Histogram, bytes: Uint8Array): void {
  histogram.addParts(parseHistogram(bytes));
}

/**
 * Merges two encoded histograms. Takes time in proportion to their bytes, and memory only for the
 * result, which equals that of `encodeHistogram`.
 * @throws RangeError if either is not an encoded histogram
 */
export function mergeEncoded(one: Uint8Array, other: Uint8Array): Uint8Array {
  const a = copyOf(parseHistogram(one));
  const b = parseHistogram(other);
  if (a.count === 0 || b.count === 0) return a.count === 0 ? other : one;
  const longest = PAIR_MAX_BYTES * (a.size + b.size + 4);
  if (longest > scratch.length) scratch = new Uint8Array(longest);
  let at = 0;
  scratch[at++] = FORMAT;
  at = writeVarint(at, a.count + b.count);
  at = writeVarint(at, Math.min(a.sum + b.sum, Number.MAX_SAFE_INTEGER));
  at = writeVarint(at, Math.min(a.min, b.min));
  at = writeVarint(at, Math.max(a.max, b.max));
  let previous = 0;
  for (let i = 0, j = 0; i < a.size || j < b.size;) {
    const left = i < a.size ? a.buckets[i]! : BUCKETS;
    const right = j < b.size ? b.buckets[j]! : BUCKETS;
    const bucket = Math.min(left, right);
    const count = (left === bucket ? a.counts[i++]! : 0) + (right === bucket ? b.counts[j++]! : 0);
    at = writeVarint(at, bucket - previous);
    at = writeVarint(at, count);
    previous = bucket;
  }
  return scratch.slice(0, at);
}

/** A copy that the next call of `parseHistogram` does not overwrite. */
function copyOf({ count, sum, min, max, size, buckets, counts }: Parts): HistogramParts {
  return { count, sum, min, max, size, buckets: buckets.slice(0, size), counts: counts.slice(0, size) };
}

/** The result of `parseHistogram`. */
interface Parts extends HistogramParts {
  readonly buckets: Uint16Array;
  readonly counts: Float64Array;
}

const parts = {
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
  size: 0,
  buckets: new Uint16Array(1024),
  counts: new Float64Array(1024),
};

/**
 * Parses and validates an encoded histogram. The next call overwrites the result. Takes time in
 * proportion to the bytes.
 * @throws RangeError if the bytes are not an encoded histogram
 */
export function parseHistogram(bytes: Uint8Array): Parts {
  if (bytes[0] !== FORMAT) throw broken(`format ${bytes[0]}, expected ${FORMAT}`);
  cursor = 1;
  parts.count = readVarint(bytes);
  parts.sum = readVarint(bytes);
  parts.min = readVarint(bytes);
  parts.max = readVarint(bytes);
  parts.size = 0;
  let bucket = 0;
  let total = 0;
  while (cursor < bytes.length) {
    const step = readVarint(bytes);
    const count = readVarint(bytes);
    if (step === 0 && parts.size > 0) throw broken('buckets do not ascend');
    if (count === 0) throw broken('a bucket without a count');
    bucket += step;
    if (bucket >= BUCKETS) throw broken(`bucket ${bucket} of ${BUCKETS}`);
    total += count;
    if (total > parts.count) break;
    keep(bucket, count);
  }
  if (total !== parts.count) throw broken('the buckets do not add up to the count');
  checkFigures(parts);
  return parts;
}

function checkFigures({ count, sum, min, max, size, buckets }: HistogramParts): void {
  if (count === 0) {
    if (sum !== 0 || min !== 0 || max !== 0) throw broken('figures without values');
    return;
  }
  if (min > max || clampedBucketOf(min) !== buckets[0]) throw broken('min is not in the first bucket');
  if (clampedBucketOf(max) !== buckets[size - 1]) throw broken('max is not in the last bucket');
  const capped = sum === Number.MAX_SAFE_INTEGER;
  if (sum > max * count || (sum < min * count && !capped)) throw broken('the sum does not fit min and max');
}

function keep(bucket: number, count: number): void {
  if (parts.size === parts.buckets.length) {
    parts.buckets = enlarged(parts.buckets);
    parts.counts = enlarged(parts.counts);
  }
  parts.buckets[parts.size] = bucket;
  parts.counts[parts.size++] = count;
}

function writeVarint(at: number, value: number): number {
  let rest = value;
  while (rest >= 0x80) {
    scratch[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  scratch[at++] = rest;
  return at;
}

/** The position at which `readVarint` continues. */
let cursor = 0;

function readVarint(bytes: Uint8Array): number {
  let value = 0;
  let unit = 1;
  for (let length = 1; length <= VARINT_MAX_BYTES; length++) {
    if (cursor >= bytes.length) throw broken('truncated');
    const byte = bytes[cursor++]!;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) {
      if (value > Number.MAX_SAFE_INTEGER) break;
      return value;
    }
    unit *= 0x80;
  }
  throw broken('a number beyond 2^53 - 1');
}

function enlarged<T extends Uint8Array | Uint16Array | Float64Array>(array: T): T {
  const grown = new (array.constructor as new (length: number) => T)(array.length * 2);
  grown.set(array);
  return grown;
}

function broken(why: string): RangeError {
  return new RangeError(`not an encoded histogram: ${why}`);
}
