import { deflateSync } from 'node:zlib';
import { decodeHistogram } from '@drumline/stats';

/** Cookies of HdrHistogram: V2, and V2 compressed, with words of one byte. */
const V2 = 0x1c84_9303 | 0x10;
const V2_COMPRESSED = 0x1c84_9304 | 0x10;
const HEADER_BYTES = 40;
const SIGNIFICANT_DIGITS = 3;
const LOWEST = 1n;
/** One hour in microseconds, as in our histograms. */
const HIGHEST = 3_600_000_000n;

/**
 * Encodes a histogram as HdrHistogram's V2 compressed payload, in base64. Our buckets are those of
 * HdrHistogram with three significant digits, so nothing is rounded.
 * @returns the payload, and the largest value in microseconds; undefined without values
 */
export function encodeHdr(encoded: Uint8Array): { payload: string; maxUs: number } | undefined {
  const histogram = decodeHistogram(encoded);
  if (histogram.count === 0) return undefined;
  const counts: number[] = [];
  let next = 0;
  histogram.forEachBucket((bucket, count) => {
    // A negative number is a run of empty buckets.
    if (bucket > next) pushZigZag(counts, -(bucket - next));
    pushZigZag(counts, count);
    next = bucket + 1;
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32BE(V2, 0);
  header.writeInt32BE(counts.length, 4);
  header.writeInt32BE(SIGNIFICANT_DIGITS, 12);
  header.writeBigInt64BE(LOWEST, 16);
  header.writeBigInt64BE(HIGHEST, 24);
  header.writeDoubleBE(1, 32);
  const deflated = deflateSync(Buffer.concat([header, Buffer.from(counts)]));
  const compressed = Buffer.alloc(8);
  compressed.writeInt32BE(V2_COMPRESSED, 0);
  compressed.writeInt32BE(deflated.length, 4);
  return { payload: Buffer.concat([compressed, deflated]).toString('base64'), maxUs: histogram.max };
}

/** Appends a number in ZigZag LEB128. Numbers are below 2^52. */
function pushZigZag(bytes: number[], value: number): void {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
