import { timesParts } from '@drumline/model';
import { addEncoded, decodeHistogram, encodeHistogram } from './codec.js';
import { checkSecond, type IntervalDelta, MAX_SECONDS } from './delta.js';
import { Histogram } from './histogram.js';

/** A second of a run, over all series of requests. Quantiles are 0 without response times. */
export interface TimelinePoint {
  readonly second: number;
  readonly requests: number;
  readonly failures: number;
  readonly interrupted: number;
  readonly failedChecks: number;
  readonly exceptions: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Number of newest seconds whose histograms are kept decoded. */
const OPEN_SECONDS = 5;

/** Counts that are only added up. */
interface Counts {
  requests: number;
  failures: number;
  interrupted: number;
  failedChecks: number;
  exceptions: number;
}

const NOTHING: Counts = { requests: 0, failures: 0, interrupted: 0, failedChecks: 0, exceptions: 0 };

interface Slot extends Counts {
  /** Encoded if the second is old. */
  latency: Histogram | Uint8Array;
}

/**
 * A run second by second. Deltas may arrive late and in any order. A second takes about 2 KB, or
 * more if its response times are spread over more than a thousand buckets.
 */
export class Timeline {
  readonly #slots = new Map<number, Slot>();
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
    const slot = this.#slots.get(second) ?? emptySlot();
    slot.latency = slot.latency instanceof Histogram ? slot.latency : decodeHistogram(slot.latency);
    addTo(slot, slot.latency, delta);
    this.#slots.set(second, slot);
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

  /** The point of a second; zeros if it has no data. */
  point(second: number): TimelinePoint {
    this.#refresh();
    return this.#points[second] ?? emptyPoint(second);
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

  #addToPoint(delta: IntervalDelta): void {
    const { second } = delta;
    const point = { ...this.#points[second]! };
    addCounts(point, delta);
    this.#points[second] = point;
    this.#newest = Math.max(this.#newest, second);
  }

  #refresh(): void {
    while (this.#points.length <= this.#newest) this.#points.push(emptyPoint(this.#points.length));
    for (const second of this.#stale) this.#points[second] = pointOfSlot(second, this.#slots.get(second)!);
    this.#stale.clear();
  }

  #sealOld(): void {
    for (const second of this.#open) {
      if (second > this.#newest - OPEN_SECONDS) continue;
      const slot = this.#slots.get(second)!;
      if (slot.latency instanceof Histogram) slot.latency = encodeHistogram(slot.latency);
      this.#open.delete(second);
    }
  }
}

/** The point of a second whose data is in one delta; zeros without one. */
export function pointOf(second: number, delta: IntervalDelta | undefined): TimelinePoint {
  if (!delta) return emptyPoint(second);
  const slot = emptySlot();
  addTo(slot, slot.latency, delta);
  return pointOfSlot(second, slot);
}

function pointOfSlot(second: number, slot: Slot): TimelinePoint {
  const { latency: _, ...counts } = slot;
  const latency = slot.latency instanceof Histogram ? slot.latency : decodeHistogram(slot.latency);
  const [p50, p95, p99] = latency.quantiles([0.5, 0.95, 0.99]) as [number, number, number];
  return { second, ...counts, p50Ms: p50 / 1000, p95Ms: p95 / 1000, p99Ms: p99 / 1000 };
}

function addTo(counts: Counts, latency: Histogram, delta: IntervalDelta): void {
  for (const one of delta.series) if (!timesParts(one.key)) addEncoded(latency, one.latency);
  addCounts(counts, delta);
}

function addCounts(counts: Counts, { series, checks, exceptions }: IntervalDelta): void {
  for (const { key, requests, failures, interrupted } of series) {
    if (timesParts(key)) continue;
    counts.requests += requests;
    counts.failures += failures;
    counts.interrupted += interrupted;
  }
  for (const { fails } of checks) counts.failedChecks += fails;
  for (const { occurrences } of exceptions) counts.exceptions += occurrences;
}

function emptySlot(): Slot & { latency: Histogram } {
  return { ...NOTHING, latency: new Histogram() };
}

function emptyPoint(second: number): TimelinePoint {
  return { second, ...NOTHING, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
}
