import { timesParts } from '@drumline/model';
import { decodeHistogram, encodeHistogram, parseHistogram } from './codec.js';
import { checkSecond, type IntervalDelta, MAX_SECONDS } from './delta.js';
import { Histogram } from './histogram.js';

/** A second of a run, over all series of requests. Quantiles are 0 where nothing has a response time. */
export interface TimelinePoint {
  readonly second: number;
  readonly requests: number;
  readonly failures: number;
  readonly interrupted: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Seconds behind the newest one within which a histogram is kept open. */
const OPEN_SECONDS = 5;

interface Slot {
  requests: number;
  failures: number;
  interrupted: number;
  /** Encoded, once the second is old. */
  latency: Histogram | Uint8Array;
}

/**
 * A run second by second. Deltas may come late and in any order. A second takes about 2 KB, and more only where
 * response times are spread over more than a thousand buckets.
 */
export class Timeline {
  readonly #slots = new Map<number, Slot>();
  readonly #open = new Set<number>();
  /** Every second's point as of the last question, from 0 on without gaps. */
  readonly #points: TimelinePoint[] = [];
  readonly #stale = new Set<number>();
  #newest = -1;

  /** Throws a RangeError for a second that no run has. */
  add(delta: IntervalDelta): void {
    const { second } = delta;
    checkSecond(second);
    const slot = this.#slots.get(second) ?? {
      requests: 0,
      failures: 0,
      interrupted: 0,
      latency: new Histogram(),
    };
    const latency = slot.latency instanceof Histogram ? slot.latency : decodeHistogram(slot.latency);
    for (const series of delta.series) {
      if (timesParts(series.key)) continue;
      latency.addParts(parseHistogram(series.latency));
      slot.requests += series.requests;
      slot.failures += series.failures;
      slot.interrupted += series.interrupted;
    }
    slot.latency = latency;
    this.#slots.set(second, slot);
    this.#open.add(second);
    this.#stale.add(second);
    this.#newest = Math.max(this.#newest, second);
    this.#sealOld();
  }

  /** The newest second of which anything is known, -1 at first. */
  get newestSecond(): number {
    return this.#newest;
  }

  /** A second's point; zeros where nothing is known of it. */
  point(second: number): TimelinePoint {
    this.#refresh();
    return this.#points[second] ?? emptyPoint(second);
  }

  /** The points of `fromSecond` to `toSecond`, both included, without gaps; to the newest one by default. */
  points(fromSecond = 0, toSecond = this.#newest): TimelinePoint[] {
    this.#refresh();
    const from = Math.max(0, fromSecond);
    const points = this.#points.slice(from, toSecond + 1);
    const end = Math.min(toSecond, MAX_SECONDS - 1);
    for (let second = from + points.length; second <= end; second++) points.push(emptyPoint(second));
    return points;
  }

  #refresh(): void {
    while (this.#points.length <= this.#newest) this.#points.push(emptyPoint(this.#points.length));
    for (const second of this.#stale) this.#points[second] = pointOf(second, this.#slots.get(second)!);
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

function pointOf(second: number, slot: Slot): TimelinePoint {
  const { requests, failures, interrupted } = slot;
  const latency = slot.latency instanceof Histogram ? slot.latency : decodeHistogram(slot.latency);
  const [p50, p95, p99] = latency.quantiles([0.5, 0.95, 0.99]) as [number, number, number];
  return { second, requests, failures, interrupted, p50Ms: p50 / 1000, p95Ms: p95 / 1000, p99Ms: p99 / 1000 };
}

function emptyPoint(second: number): TimelinePoint {
  return { second, requests: 0, failures: 0, interrupted: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
}
