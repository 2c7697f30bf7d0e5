import { BUCKETS, bucketOf, clampedBucketOf, highestOf, MAX_TRACKED } from './layout.js';

const UINT32_MAX = 0xffff_ffff;
/** The counts grow by multiples of this many buckets. */
const PAGE = 256;

/** An encoded histogram that is known to be valid, see `scanHistogram`. */
export interface EncodedHistogram {
  readonly bytes: Uint8Array;
  /** Positions of the buckets in `bytes`: of the first byte, and after the last. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/**
 * An HDR histogram of integers from 0 to one hour in microseconds, with 3 significant digits.
 *
 * Count, sum, min and max are exact (the sum up to 2^53). A quantile is never below the exact one,
 * and at most 0.1 % above it. Adding histograms gives the same result as recording all values in
 * one.
 *
 * Counts cover the buckets between the smallest and the largest value, 4 bytes each: a few KB for
 * steady response times, 93 KB at most. They take 8 bytes once a count exceeds 32 bits.
 */
export class Histogram {
  #counts: Uint32Array | Float64Array = new Uint32Array(0);
  /** Number of the bucket of `#counts[0]`. */
  #base = 0;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -1;

  /**
   * Adds a value `times` times. It is rounded to an integer. Negative values and NaN count as 0.
   * Values beyond one hour are counted in the last bucket; sum and max stay exact. Allocates only
   * if the array of counts must grow.
   */
  record(value: number, times = 1): void {
    if (!(times > 0)) return;
    const integer = value > 0 ? Math.min(Math.round(value), Number.MAX_SAFE_INTEGER) : 0;
    this.#increase(integer <= MAX_TRACKED ? bucketOf(integer) : BUCKETS - 1, times);
    this.#count += times;
    this.#sum += integer * times;
    if (integer < this.#min) this.#min = integer;
    if (integer > this.#max) this.#max = integer;
  }

  /** Adds all values of another histogram. */
  add(other: Histogram): void {
    if (other.#count === 0) return;
    const first = clampedBucketOf(other.#min);
    const last = clampedBucketOf(other.#max);
    this.#cover(first, last);
    for (let bucket = first; bucket <= last; bucket++) {
      const times = other.#counts[bucket - other.#base]!;
      if (times > 0) this.#increase(bucket, times);
    }
    this.#addFigures(other.#count, other.#sum, other.#min, other.#max);
  }

  /** Adds an encoded histogram from its bytes. */
  addEncoded({ bytes, from, to, count, sum, min, max }: EncodedHistogram): void {
    if (count === 0) return;
    this.#cover(clampedBucketOf(min), clampedBucketOf(max));
    this.#addFigures(count, sum, min, max);
    // No count of a bucket can exceed this one.
    if (this.#count > UINT32_MAX) this.#widen();
    const counts = this.#counts;
    let slot = -this.#base;
    for (let at = from; at < to;) {
      let step = bytes[at++]!;
      if (step > 0x7f) {
        step &= 0x7f;
        let byte: number;
        let unit = 0x80;
        do {
          byte = bytes[at++]!;
          step += (byte & 0x7f) * unit;
          unit *= 0x80;
        } while (byte > 0x7f);
      }
      let times = bytes[at++]!;
      if (times > 0x7f) {
        times &= 0x7f;
        let byte: number;
        let unit = 0x80;
        do {
          byte = bytes[at++]!;
          times += (byte & 0x7f) * unit;
          unit *= 0x80;
        } while (byte > 0x7f);
      }
      slot += step;
      counts[slot]! += times;
    }
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** Smallest value; 0 if empty. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  /** Largest value; 0 if empty. */
  get max(): number {
    return this.#count === 0 ? 0 : this.#max;
  }

  /** Exact mean; 0 if empty. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Memory of the counts in bytes. */
  get footprint(): number {
    return this.#counts.byteLength;
  }

  /**
   * The values at the quantiles `qs`, 0 to 1 and ascending, by nearest rank. 0 gives min, 1 gives
   * max, and an empty histogram gives 0.
   *
   * As in HDR, the result is the highest value of the bucket, but at most max. A bucket that starts
   * at `low` is at most `low / 1024` wide, so the result is at most 0.0977 % above the exact value.
   * The midpoint would halve the error, but could be below the exact value.
   */
  quantiles(qs: readonly number[]): number[] {
    if (this.#count === 0) return qs.map(() => 0);
    let slot = clampedBucketOf(this.#min) - this.#base;
    let seen = this.#counts[slot]!;
    return qs.map((q) => {
      if (!(q > 0)) return this.#min;
      const rank = rankOf(q, this.#count);
      if (rank >= this.#count) return this.#max;
      while (seen < rank) seen += this.#counts[++slot]!;
      return Math.min(highestOf(this.#base + slot), this.#max);
    });
  }

  /** Calls `visit` for each used bucket, ascending. */
  forEachBucket(visit: (bucket: number, count: number) => void): void {
    if (this.#count === 0) return;
    const last = clampedBucketOf(this.#max);
    for (let bucket = clampedBucketOf(this.#min); bucket <= last; bucket++) {
      const count = this.#counts[bucket - this.#base]!;
      if (count > 0) visit(bucket, count);
    }
  }

  /** Like `forEachBucket`, with the highest value of the bucket, but at most max. */
  forEachValue(visit: (value: number, count: number) => void): void {
    this.forEachBucket((bucket, count) => {
      // The last bucket has no upper bound.
      const isLast = bucket === BUCKETS - 1;
      visit(isLast ? this.#max : Math.min(highestOf(bucket), this.#max), count);
    });
  }

  /** Removes all values but keeps the memory. Takes time only for buckets between min and max. */
  reset(): void {
    if (this.#count === 0) return;
    this.#counts.fill(
      0,
      clampedBucketOf(this.#min) - this.#base,
      clampedBucketOf(this.#max) - this.#base + 1,
    );
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = -1;
  }

  #increase(bucket: number, times: number): void {
    const slot = bucket - this.#base;
    const counts = this.#counts;
    if (slot >= 0 && slot < counts.length) {
      const count = counts[slot]! + times;
      if (count <= UINT32_MAX) {
        counts[slot] = count;
        return;
      }
    }
    this.#increaseSlowly(bucket, times);
  }

  /** For a bucket outside the array, or a count beyond 32 bits. */
  #increaseSlowly(bucket: number, times: number): void {
    this.#cover(bucket, bucket);
    const slot = bucket - this.#base;
    const count = this.#counts[slot]! + times;
    if (count > UINT32_MAX) this.#widen();
    this.#counts[slot] = count;
  }

  #addFigures(count: number, sum: number, min: number, max: number): void {
    this.#count += count;
    this.#sum += sum;
    if (min < this.#min) this.#min = min;
    if (max > this.#max) this.#max = max;
  }

  /** Extends the array of counts to the buckets `first` to `last`. */
  #cover(first: number, last: number): void {
    const length = this.#counts.length;
    if (length > 0 && first >= this.#base && last < this.#base + length) return;
    const base = Math.floor((length > 0 ? Math.min(first, this.#base) : first) / PAGE) * PAGE;
    const end = Math.min(BUCKETS, Math.ceil((Math.max(last, this.#base + length - 1) + 1) / PAGE) * PAGE);
    const grown =
      this.#counts instanceof Uint32Array ? new Uint32Array(end - base) : new Float64Array(end - base);
    grown.set(this.#counts, length > 0 ? this.#base - base : 0);
    this.#counts = grown;
    this.#base = base;
  }

  #widen(): void {
    if (this.#counts instanceof Uint32Array) this.#counts = Float64Array.from(this.#counts);
  }
}

/** Nearest rank, 1 to count, corrected for rounding: 0.07 * 100 is 7.000000000000001. */
function rankOf(q: number, count: number): number {
  return Math.max(1, Math.ceil(q * count * (1 - 2 * Number.EPSILON)));
}
