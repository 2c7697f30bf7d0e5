import { timesParts } from '@drumline/model';
import { scanHistogram } from './codec.js';
import { checkSecond, type IntervalDelta, MAX_SECONDS } from './delta.js';
import { SecondSum, type TimelinePoint } from './second-sum.js';

/** Number of newest seconds that are kept decoded. */
const OPEN_SECONDS = 5;

/**
 * A run second by second. Deltas may arrive late and in any order. A second takes 2 to 5
 * KB, depending on how much its response times are spread.
 */
export class Timeline {
  /** Encoded if the second is old. */
  readonly #sums = new Map<number, SecondSum | Uint8Array>();
  readonly #open = new Set<number>();
  /** The points of all seconds from 0, as of the last query. */
  readonly #points: TimelinePoint[] = [];
  readonly #stale = new Set<number>();
  /** Seconds before this one have points but no histograms. */
  #summarized = 0;
  #newest = -1;

  /** @throws RangeError if the second is out of range */
  add(delta: IntervalDelta): void {
    const { second } = delta;
    checkSecond(second);
    if (second < this.#summarized) return this.#addToPoint(delta);
    const sum = this.#sum(second);
    sum.add(delta);
    this.#sums.set(second, sum);
    this.#open.add(second);
    this.#stale.add(second);
    this.#newest = Math.max(this.#newest, second);
    this.#sealOld();
  }

  /**
   * Continues from stored points without histograms, from second 0. Deltas for these seconds change
   * their counts, but their quantiles only change with `correct`.
   */
  restore(points: readonly TimelinePoint[]): void {
    for (const point of points) this.#points[point.second] = point;
    this.#summarized = points.length;
    this.#newest = Math.max(this.#newest, points.findLast(({ requests }) => requests > 0)?.second ?? -1);
  }

  /** Replaces the quantiles of restored seconds. */
  correct(points: readonly TimelinePoint[]): void {
    for (const { second, p50Ms, p95Ms, p99Ms } of points) {
      const point = this.#points[second];
      if (point && second < this.#summarized) this.#points[second] = { ...point, p50Ms, p95Ms, p99Ms };
    }
  }

  /** The newest second with data; -1 if there is none. */
  get newestSecond(): number {
    return this.#newest;
  }

  /** The number of seconds in which a series has response times only in windows. */
  get coarseSeconds(): number {
    return this.points().filter(({ coarseTimes }) => coarseTimes > 0).length;
  }

  /** The points of `fromSecond` to `toSecond`, both inclusive. Default: up to the newest second. */
  points(fromSecond = 0, toSecond = this.#newest): TimelinePoint[] {
    this.#refresh();
    const from = Math.max(0, fromSecond);
    const points = this.#points.slice(from, toSecond + 1);
    const end = Math.min(toSecond, MAX_SECONDS - 1);
    for (let second = from + points.length; second <= end; second++) points.push(emptyPoint(second));
    return points;
  }

  #addToPoint({ second, series, checks, exceptions, coarseLatency, schedule }: IntervalDelta): void {
    const point = { ...this.#points[second]! };
    if (coarseLatency) point.coarseTimes += scanHistogram(coarseLatency).count;
    for (const { key, requests, failures, interrupted } of series) {
      if (timesParts(key)) continue;
      point.requests += requests;
      point.failures += failures;
      point.interrupted += interrupted;
    }
    for (const { fails } of checks) point.failedChecks += fails;
    for (const { occurrences } of exceptions) point.exceptions += occurrences;
    for (const { started, late, dropped, skipped } of schedule ?? []) {
      point.started += started;
      point.late += late;
      point.dropped += dropped;
      point.skipped += skipped;
    }
    this.#points[second] = point;
    this.#newest = Math.max(this.#newest, second);
  }

  #sum(second: number): SecondSum {
    const sum = this.#sums.get(second) ?? new SecondSum();
    return sum instanceof SecondSum ? sum : SecondSum.decode(sum);
  }

  #refresh(): void {
    while (this.#points.length <= this.#newest) this.#points.push(emptyPoint(this.#points.length));
    for (const second of this.#stale) this.#points[second] = this.#sum(second).point(second);
    this.#stale.clear();
  }

  #sealOld(): void {
    for (const second of this.#open) {
      if (second > this.#newest - OPEN_SECONDS) continue;
      const sum = this.#sums.get(second)!;
      if (sum instanceof SecondSum) this.#sums.set(second, sum.encode());
      this.#open.delete(second);
    }
  }
}

function emptyPoint(second: number): TimelinePoint {
  return new SecondSum().point(second);
}
