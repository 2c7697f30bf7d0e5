/**
 * The HDR bucket layout for integers from 0 to one hour in microseconds at 3 significant digits.
 *
 * Each value below 2,048 has its own bucket. Above, each doubling of the value is split into 1,024
 * buckets. A bucket that starts at `low` is at most `low / 1024` wide, so that its values differ by
 * less than 0.1 %.
 */

/** Largest value in its proper bucket: one hour in microseconds. Larger ones share the last one. */
export const MAX_TRACKED = 3_600_000_000;

/** Number of buckets, 23,221. */
export const BUCKETS = bucketOf(MAX_TRACKED) + 1;

/** The bucket of an integer from 0 to `MAX_TRACKED`. */
export function bucketOf(value: number): number {
  if (value < 2048) return value;
  const shift = 21 - Math.clz32(value);
  return shift * 1024 + (value >>> shift);
}

/** The bucket of an integer of at least 0. Values beyond `MAX_TRACKED` are in the last bucket. */
export function clampedBucketOf(value: number): number {
  return value <= MAX_TRACKED ? bucketOf(value) : BUCKETS - 1;
}

/**
 * The last of the buckets whose values are the same at two significant digits. Values below 256
 * stay apart. Above, each doubling of the value is split into 128 parts.
 */
export function coarseBucketOf(bucket: number): number {
  const digits = bucket < 2048 ? Math.max(0, 24 - Math.clz32(bucket)) : 3;
  return bucket | ((1 << digits) - 1);
}

/** Smallest value in a bucket. */
export function lowestOf(bucket: number): number {
  return bucket < 2048 ? bucket : ((bucket & 1023) + 1024) * widthOf(bucket);
}

/** Largest integer in a bucket. */
export function highestOf(bucket: number): number {
  return lowestOf(bucket) + widthOf(bucket) - 1;
}

function widthOf(bucket: number): number {
  return bucket < 2048 ? 1 : 2 ** ((bucket >>> 10) - 1);
}
