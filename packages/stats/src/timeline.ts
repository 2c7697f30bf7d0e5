import { timesParts } from '@drumline/model';
import { scanHistogram } from './codec.js';
import { checkSecond, type IntervalDelta, MAX_SECONDS } from './delta.js';
import type { Histogram } from './histogram.js';
import { addBands, bandsOf } from './latency-bands.js';
import { SecondSum, type TimelinePoint } from './second-sum.js';
import { MergedSteps, type MergedStep, type StepQuantiles } from './merged-steps.js';

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
  #needsSteps = false;
  #newest = -1;
  readonly #steps = new MergedSteps((second) => this.#latencyOf(second));

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
    this.#steps.changed(second);
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
    this.#needsSteps = points.length > 0;
    this.#newest = Math.max(this.#newest, points.findLast(({ requests }) => requests > 0)?.second ?? -1);
  }

  /** Number of restored seconds whose merged intervals `adopt` must still bring; 0 if none. */
  get secondsToAdopt(): number {
    return this.#needsSteps ? this.#summarized : 0;
  }

  /**
   * Takes the merged intervals of the restored seconds. Without them, `resampled` lacks response
   * times of these seconds.
   */
  adopt(steps: Iterable<MergedStep>): void {
    this.#needsSteps = false;
    this.#steps.adopt(steps, this.#summarized);
  }

  /** Adds a second as a whole, in order. */
  addSum(second: number, sum: SecondSum): void {
    this.#sums.set(second, sum);
    this.#open.add(second);
    this.#stale.add(second);
    this.#newest = second;
    this.#sealOld();
  }

  /**
   * The merged intervals before a second.
   * @param withOpen whether also those that contain it
   */
  mergedSteps(end: number, withOpen = false): Generator<MergedStep> {
    return this.#steps.before(end, withOpen);
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

  /**
   * The points of intervals. Counts are sums, and quantiles are those of the merged response times.
   * @param fromSecond a multiple of `step`
   */
  resampled(fromSecond: number, toSecond: number, step: number): TimelinePoint[] {
    if (step === 1) return this.points(fromSecond, toSecond);
    const points = this.points(fromSecond, toSecond);
    const resampled: TimelinePoint[] = [];
    for (let at = 0; at < points.length; at += step)
      resampled.push(sumOf(points, at, step, this.#steps.quantiles(fromSecond + at, step)));
    return resampled;
  }

  #latencyOf(second: number): Histogram | undefined {
    return this.#sums.has(second) ? this.#sum(second).latency : undefined;
  }

  #addToPoint(delta: IntervalDelta): void {
    const { latency } = SecondSum.of(delta);
    this.#steps.addLate(delta.second, latency);
    this.#countAt(delta, latency);
  }

  #countAt(
    { second, series, checks, exceptions, coarseLatency, schedule }: IntervalDelta,
    latency: Histogram,
  ): void {
    const point = { ...this.#points[second]! };
    point.bands = addBands(point.bands, bandsOf(latency));
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
    this.#steps.close(this.#newest - OPEN_SECONDS + 1);
  }
}

/** Sums up the counts of seconds. */
function sumOf(
  points: readonly TimelinePoint[],
  from: number,
  number: number,
  [p50Ms, p95Ms, p99Ms]: StepQuantiles,
): TimelinePoint {
  const sum = { ...points[from]!, p50Ms, p95Ms, p99Ms };
  for (let at = from + 1; at < Math.min(from + number, points.length); at++) {
    const point = points[at]!;
    sum.requests += point.requests;
    sum.failures += point.failures;
    sum.interrupted += point.interrupted;
    sum.failedChecks += point.failedChecks;
    sum.exceptions += point.exceptions;
    sum.coarseTimes += point.coarseTimes;
    sum.started += point.started;
    sum.late += point.late;
    sum.dropped += point.dropped;
    sum.skipped += point.skipped;
    sum.bands = addBands(sum.bands, point.bands);
  }
  return sum;
}

function emptyPoint(second: number): TimelinePoint {
  return new SecondSum().point(second);
}
