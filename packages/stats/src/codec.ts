import { ByteReader, ByteWriter } from './bytes.js';
import { type EncodedHistogram, Histogram } from './histogram.js';
import { BUCKETS, clampedBucketOf, coarseBucketOf } from './layout.js';

/**
 * The encoding of a histogram: a format byte, then varints: count, sum, min, max, and for each used
 * bucket, ascending, the distance from the previous one (or from 0) and its count. It takes about 2
 * bytes per bucket, or 5 bytes if empty.
 */
const FORMAT = 1;

const writer = new ByteWriter();

/** Encodes a histogram. A sum beyond 2^53 - 1 is written as 2^53 - 1. */
export function encodeHistogram(histogram: Histogram): Uint8Array {
  writeFigures(histogram);
  let previous = 0;
  histogram.forEachBucket((bucket, count) => {
    writer.varint(bucket - previous);
    writer.varint(count);
    previous = bucket;
  });
  return writer.take();
}

/** An encoded histogram without values. */
export const EMPTY_HISTOGRAM: Uint8Array = encodeHistogram(new Histogram());

/** Whether an encoded histogram has no values. */
export function isEmptyHistogram(bytes: Uint8Array): boolean {
  return bytes[1] === 0;
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
  histogram.addEncoded(scanHistogram(bytes));
}

/**
 * Merges two encoded histograms. Takes time in proportion to their bytes, and memory only for the
 * result, which equals that of `encodeHistogram`.
 * @throws RangeError if either is not an encoded histogram
 */
export function mergeEncoded(one: Uint8Array, other: Uint8Array): Uint8Array {
  const a = { ...scanHistogram(one) };
  const b = scanHistogram(other);
  if (a.count === 0 || b.count === 0) return a.count === 0 ? other : one;
  writeFigures({
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  });
  const left = new BucketReader(a);
  const right = new BucketReader(b);
  let previous = 0;
  while (left.bucket < BUCKETS || right.bucket < BUCKETS) {
    const bucket = Math.min(left.bucket, right.bucket);
    writer.varint(bucket - previous);
    writer.varint((left.bucket === bucket ? left.take() : 0) + (right.bucket === bucket ? right.take() : 0));
    previous = bucket;
  }
  return writer.take();
}

/**
 * Rounds the values of an encoded histogram up to two significant digits: by less than 0.8 %. So it
 * uses fewer buckets. Count, sum, min and max stay exact. May be applied again after more values
 * were added.
 * @throws RangeError if the bytes are not an encoded histogram
 */
export function roundHistogram(bytes: Uint8Array): Uint8Array {
  const exact = { ...scanHistogram(bytes) };
  writeFigures(exact);
  const { min, max } = exact;
  const [first, last] = [clampedBucketOf(min), clampedBucketOf(max)];
  const reader = new BucketReader(exact);
  let [previous, bucket, count] = [0, -1, 0];
  while (reader.bucket < BUCKETS) {
    const rounded = reader.bucket === first ? first : Math.min(coarseBucketOf(reader.bucket), last);
    if (rounded !== bucket && count > 0) {
      writer.varint(bucket - previous);
      writer.varint(count);
      [previous, count] = [bucket, 0];
    }
    bucket = rounded;
    count += reader.take();
  }
  if (count > 0) {
    writer.varint(bucket - previous);
    writer.varint(count);
  }
  return writer.take();
}

/** Reads the buckets of a valid histogram, ascending. */
class BucketReader {
  /** The bucket that `take` reads; `BUCKETS` after the last one. */
  bucket = 0;
  readonly #reader: ByteReader;

  constructor({ bytes, from, to }: EncodedHistogram) {
    this.#reader = new ByteReader(bytes, from, to);
    this.#advance();
  }

  take(): number {
    const count = this.#reader.varint();
    this.#advance();
    return count;
  }

  #advance(): void {
    this.bucket = this.#reader.at < this.#reader.end ? this.bucket + this.#reader.varint() : BUCKETS;
  }
}

function writeFigures({ count, sum, min, max }: Pick<Histogram, 'count' | 'sum' | 'min' | 'max'>): void {
  writer.byte(FORMAT);
  writer.varint(count);
  writer.varint(Math.min(sum, Number.MAX_SAFE_INTEGER));
  writer.varint(min);
  writer.varint(max);
}

const scanned = {
  bytes: new Uint8Array(0) as Uint8Array,
  from: 0,
  to: 0,
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
};

/**
 * Validates an encoded histogram without decoding it. The next call overwrites the result. Takes
 * time in proportion to the bytes.
 * @param from position of the first byte
 * @param to position after the last byte
 * @throws RangeError if the bytes are not an encoded histogram
 */
export function scanHistogram(bytes: Uint8Array, from = 0, to = bytes.length): EncodedHistogram {
  const reader = new ByteReader(bytes, from, to);
  if (from === to) throw broken(`format ${bytes[to]}, expected ${FORMAT}`);
  const format = reader.byte();
  if (format !== FORMAT) throw broken(`format ${format}, expected ${FORMAT}`);
  scanned.bytes = bytes;
  scanned.count = reader.varint();
  scanned.sum = reader.varint();
  scanned.min = reader.varint();
  scanned.max = reader.varint();
  scanned.from = reader.at;
  scanned.to = to;
  scanBuckets(reader);
  return scanned;
}

function scanBuckets(reader: ByteReader): void {
  const { bytes, end } = reader;
  const { count, min, max } = scanned;
  let at = reader.at;
  let bucket = 0;
  let first = -1;
  let total = 0;
  while (at < end) {
    // Most numbers take one byte. A number beyond the end is found after the loop.
    let step = bytes[at++]!;
    if (step > 0x7f) {
      reader.at = at - 1;
      step = reader.varint();
      at = reader.at;
    }
    let times = bytes[at++]!;
    if (times > 0x7f) {
      reader.at = at - 1;
      times = reader.varint();
      at = reader.at;
    }
    if (at > end) throw broken('truncated');
    if (times === 0) throw broken('a bucket without a count');
    bucket += step;
    if (first < 0) first = bucket;
    else if (step === 0) throw broken('buckets do not ascend');
    total += times;
  }
  if (bucket >= BUCKETS) throw broken(`bucket ${bucket} of ${BUCKETS}`);
  if (total !== count) throw broken('the buckets do not add up to the count');
  if (count === 0) {
    if (scanned.sum !== 0 || min !== 0 || max !== 0) throw broken('figures without values');
    return;
  }
  if (min > max || clampedBucketOf(min) !== first) throw broken('min is not in the first bucket');
  if (clampedBucketOf(max) !== bucket) throw broken('max is not in the last bucket');
  checkSum(scanned);
}

function checkSum({ count, sum, min, max }: EncodedHistogram): void {
  const isCapped = sum === Number.MAX_SAFE_INTEGER;
  if (sum > max * count || (sum < min * count && !isCapped)) {
    throw broken('the sum does not fit min and max');
  }
}

function broken(why: string): RangeError {
  return new RangeError(`not an encoded histogram: ${why}`);
}
