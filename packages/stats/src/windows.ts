import { seriesId, timesParts } from '@drumline/model';
import { addEncoded, EMPTY_HISTOGRAM, encodeHistogram, isEmptyHistogram, mergeEncoded } from './codec.js';
import { checkSecond, type IntervalDelta, type SeriesDelta, type WindowDelta } from './delta.js';
import { Histogram } from './histogram.js';

/** Merges the windows of each series. */
export function mergeWindows(windows: readonly WindowDelta[]): WindowDelta[] {
  const merged = new Map<string, WindowDelta>();
  for (const window of windows) addWindow(merged, window);
  return [...merged.values()];
}

function addWindow(merged: Map<string, WindowDelta>, window: WindowDelta): void {
  const id = seriesId(window.key);
  const known = merged.get(id);
  if (known === undefined) {
    merged.set(id, { ...window });
    return;
  }
  known.fromSecond = Math.min(known.fromSecond, window.fromSecond);
  addTimes(known, window);
}

type Times = Pick<SeriesDelta, 'latency' | 'service'>;

/** Adds response and service times to those of `sum`. */
export function addTimes(sum: Times, { latency, service }: Times): void {
  if (sum.service !== undefined || service !== undefined)
    sum.service = mergeEncoded(sum.service ?? sum.latency, service ?? latency);
  sum.latency = mergeEncoded(sum.latency, latency);
}

/** How often the response times of each series are reported, in seconds. */
export type QuantilesEvery = 1 | 2 | 5 | 10;

/** Ascending. Each divides the last one, so that windows do not cross a multiple of it. */
export const QUANTILES_EVERY: readonly QuantilesEvery[] = [1, 2, 5, 10];

/** The length of the blocks that no window crosses, in seconds. */
export const WINDOW_BLOCK_SECONDS = 10;

/** @throws RangeError if there is no such window */
export function checkWindow(fromSecond: number, throughSecond: number): void {
  checkSecond(fromSecond);
  if (fromSecond > throughSecond || blockOf(fromSecond) !== blockOf(throughSecond))
    throw new RangeError(`a window from second ${fromSecond} through ${throughSecond}`);
}

function blockOf(second: number): number {
  return Math.floor(second / WINDOW_BLOCK_SECONDS);
}

/** Response and service times that are held back. */
interface Held {
  fromSecond: number;
  second: number;
  readonly series: Map<string, WindowDelta>;
}

/**
 * Holds the response times of series back, so that they are reported together for several seconds.
 * The counts of a second stay in its delta, with one histogram over all series.
 */
export class HeldTimes {
  /** How often response times become due. May change at any time. */
  everySeconds: QuantilesEvery = 1;
  /** By the first second of the window. */
  readonly #held = new Map<number, Held>();
  readonly #sum = new Histogram();

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** Holds the response times of a delta back. @returns the delta without them */
  hold(delta: IntervalDelta): IntervalDelta {
    const { second } = delta;
    const held = this.#heldOf(second);
    if (delta.coarseLatency) addEncoded(this.#sum, delta.coarseLatency);
    const series = delta.series.map((one) => {
      const { service, ...counts } = one;
      const { key, latency } = one;
      if (isEmptyHistogram(latency)) return one;
      if (!timesParts(key)) addEncoded(this.#sum, latency);
      addWindow(held.series, { key, fromSecond: second, latency, ...(service && { service }) });
      return { ...counts, latency: EMPTY_HISTOGRAM };
    });
    const coarseLatency = this.#sum.count > 0 && encodeHistogram(this.#sum);
    this.#sum.reset();
    return { ...delta, series, ...(coarseLatency && { coarseLatency }) };
  }

  /** Takes the response times of the windows that end with this second or an earlier one. */
  take(throughSecond: number): IntervalDelta[] {
    const due: IntervalDelta[] = [];
    for (const [start, { fromSecond, second, series }] of this.#held) {
      const end = second - (second % this.everySeconds) + this.everySeconds - 1;
      if (end > throughSecond) continue;
      this.#held.delete(start);
      if (series.size === 0) continue;
      const windows = [...series.values()].map((window) => ({ ...window, fromSecond }));
      due.push({ second, series: [], checks: [], metrics: [], exceptions: [], windows });
    }
    return due;
  }

  #heldOf(second: number): Held {
    const start = second - (second % this.everySeconds);
    const held = this.#held.get(start) ?? { fromSecond: second, second, series: new Map() };
    held.fromSecond = Math.min(held.fromSecond, second);
    held.second = Math.max(held.second, second);
    this.#held.set(start, held);
    return held;
  }
}
