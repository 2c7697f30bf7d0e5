import { type SeriesKey, seriesId } from '@drumline/model';
import { decodeHistogram, isEmptyHistogram, mergeEncoded } from './codec.js';
import type { IntervalDelta, SeriesDelta, WindowDelta } from './delta.js';

/**
 * A series in a second of the run. Quantiles are 0 if there are no response times. They are those
 * of a window of several seconds if its response times came so.
 */
export interface SeriesPoint {
  readonly second: number;
  readonly key: SeriesKey;
  readonly requests: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** The most points: series times seconds. A point takes a few hundred bytes. */
const MAX_POINTS = 100_000;

interface Slot {
  readonly key: SeriesKey;
  requests: number;
  failures: number;
  /** Includes windows that the second is in. */
  latency: Uint8Array;
}

/** Counts of a run by second and series. Optional, as it takes much more memory than `Timeline`. */
export class SeriesTimeline {
  readonly #seconds = new Map<number, Map<string, Slot>>();
  #points = 0;

  /** Whether points were dropped because there were too many. */
  full = false;

  add({ second, series, windows = [] }: IntervalDelta): void {
    for (const one of series) if (one.requests > 0 || one.failures > 0) this.#addSeries(second, one);
    for (const window of windows) this.#addWindow(second, window);
  }

  /** Ascending by second; within a second, in the order in which the series appeared. */
  points(): SeriesPoint[] {
    const seconds = [...this.#seconds].sort(([a], [b]) => a - b);
    return seconds.flatMap(([second, slots]) => [...slots.values()].map((slot) => pointOf(second, slot)));
  }

  #addSeries(second: number, { key, requests, failures, latency }: SeriesDelta): void {
    const slots = this.#seconds.get(second) ?? new Map<string, Slot>();
    const id = seriesId(key);
    const known = slots.get(id);
    if (known !== undefined) {
      known.requests += requests;
      known.failures += failures;
      known.latency = mergeEncoded(known.latency, latency);
      return;
    }
    if (this.#points >= MAX_POINTS) {
      this.full = true;
      return;
    }
    this.#points += 1;
    this.#seconds.set(second, slots);
    // A copy, because the bytes are a view of the message.
    slots.set(id, { key, requests, failures, latency: latency.slice() });
  }

  /** Adds response times to all seconds that they may be from. */
  #addWindow(throughSecond: number, { key, fromSecond, latency }: WindowDelta): void {
    const id = seriesId(key);
    for (let second = fromSecond; second <= throughSecond; second++) {
      const slot = this.#seconds.get(second)?.get(id);
      if (slot === undefined) continue;
      // Seconds of the same window share the bytes.
      slot.latency = isEmptyHistogram(slot.latency) ? latency : mergeEncoded(slot.latency, latency);
    }
  }
}

function pointOf(second: number, { key, requests, failures, latency }: Slot): SeriesPoint {
  const [p50, p95, p99] = decodeHistogram(latency).quantiles([0.5, 0.95, 0.99]) as [number, number, number];
  return { second, key, requests, failures, p50Ms: p50 / 1_000, p95Ms: p95 / 1_000, p99Ms: p99 / 1_000 };
}
