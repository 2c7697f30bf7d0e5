import type { Millis } from '../units.js';
import type { RateProfile } from './rate-profile.js';

/** A stage with its start: in time, and in starts that are due before it. */
interface Segment {
  readonly startMs: Millis;
  readonly endMs: Millis;
  readonly before: number;
  /** Starts per millisecond at its begin, and the change of that per millisecond. */
  readonly rate: number;
  readonly slope: number;
}

/** Rounding errors of sums of stages. A start this close to the end is not due. */
const TOLERANCE = 1e-6;

/**
 * The integral of a rate profile, and its inverse. Start `n` is due when the integral reaches `n`,
 * so that fractional rates are exact over time. Start 0 is due at the beginning.
 *
 * Times are milliseconds since the beginning of the profile.
 */
export class RateCurve {
  /** The number of starts over the whole profile; `Infinity` if it has no end. */
  readonly total: number;
  readonly durationMs: Millis;
  /** The integral over the whole profile, less the tolerance. */
  private readonly end: number;
  private readonly segments: readonly Segment[];

  constructor({ fromPerSecond, stages }: RateProfile) {
    const segments: Segment[] = [];
    let [rate, startMs, before] = [fromPerSecond / 1_000, 0, 0];
    for (const { durationMs, toPerSecond } of stages) {
      const to = toPerSecond / 1_000;
      if (durationMs === null) {
        segments.push({ startMs, endMs: Infinity, before, rate: to, slope: 0 });
        startMs = Infinity;
        before = to > 0 ? Infinity : before;
      } else if (durationMs > 0) {
        const endMs = startMs + durationMs;
        segments.push({ startMs, endMs, before, rate, slope: (to - rate) / durationMs });
        before += ((rate + to) / 2) * durationMs;
        startMs = endMs;
      }
      rate = to;
    }
    this.segments = segments;
    this.durationMs = startMs;
    this.end = before - TOLERANCE;
    this.total = Math.max(0, Math.ceil(this.end));
  }

  /** The integral of the rate up to a time: a number of starts, with fractions. */
  amountAt(atMs: Millis): number {
    const segment = this.segments.findLast(({ startMs }) => startMs <= atMs);
    if (!segment) return 0;
    const passedMs = Math.min(atMs, segment.endMs) - segment.startMs;
    return segment.before + passedMs * (segment.rate + (segment.slope * passedMs) / 2);
  }

  /** When the integral reaches an amount; `Infinity` if it never does. */
  timeOf(amount: number): Millis {
    if (amount >= this.end) return Infinity;
    const { startMs, endMs, before, rate, slope } = this.segmentOf(amount);
    const left = amount - before;
    if (left <= 0) return startMs;
    // The stable form of the quadratic formula. It also holds without a slope.
    const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * left));
    return Math.min(endMs, startMs + (2 * left) / (rate + root));
  }

  /** The number of starts that are due before a time, each at its time by `timeOf`. */
  dueBefore(atMs: Millis): number {
    if (atMs <= 0) return 0;
    let count = Math.min(this.total, Math.max(0, Math.ceil(this.amountAt(atMs))));
    while (count < this.total && this.timeOf(count) < atMs) count += 1;
    while (count > 0 && this.timeOf(count - 1) >= atMs) count -= 1;
    return count;
  }

  /** The last segment that begins with at most this amount. */
  private segmentOf(amount: number): Segment {
    const { segments } = this;
    let [low, high] = [0, segments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle]!.before <= amount) low = middle;
      else high = middle - 1;
    }
    // Segments without starts share their amount with the next one, which is the one that is meant.
    return segments[low]!;
  }
}
