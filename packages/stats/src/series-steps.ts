import { addEncoded, EMPTY_HISTOGRAM, mergeEncoded } from './codec.js';
import type { SeriesDelta, WindowDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { lowestOf } from './layout.js';
import { stepFor } from './merged-steps.js';

/** Length of the longest steps that are kept, and the least length of merged ones. */
const BLOCK_SECONDS = 10;
const QUANTILES = [0.5, 0.95, 0.99] as const;
/** Bars of a distribution for each power of ten. */
const BARS_A_DECADE = 20;

/** What a series counted in seconds in a row. Quantiles are 0 without response times. */
export interface SeriesStep {
  /** The first of its seconds, from the start of the run. */
  readonly second: number;
  readonly seconds: number;
  readonly requests: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Response times from `fromMs` to below `toMs`. */
export interface LatencyBar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

interface Cell {
  readonly second: number;
  readonly seconds: number;
  requests: number;
  failures: number;
  latency: Uint8Array;
}

/** Response times of the seconds `from` to `through`, which are in one block. */
interface Window {
  readonly from: number;
  readonly through: number;
  readonly latency: Uint8Array;
}

/** Which steps to list: those of the seconds from `from` to before `end`. */
export interface StepRange {
  readonly from: number;
  readonly end: number;
  /** The most steps. Each then has at least ten seconds, if single seconds are too many. */
  readonly points: number;
}

/**
 * One series over the time of a run: seconds, and blocks of ten of them. Memory grows with the
 * blocks, at most a few hundred bytes each.
 */
export class SeriesSteps {
  /** Ascending, without overlap. */
  #cells: Cell[] = [];
  #windows: Window[] = [];

  /**
   * Adds counts of a second, or of a block of ten.
   * @param second a multiple of `seconds`
   */
  add(second: number, seconds: number, { requests, failures, latency }: Counts): void {
    const known = this.#block(second) ?? this.#cellAt(second);
    // A copy, because the bytes may be a view of many more.
    const cell = known ?? { second, seconds, requests: 0, failures: 0, latency: EMPTY_HISTOGRAM };
    cell.requests += requests;
    cell.failures += failures;
    cell.latency = known ? mergeEncoded(cell.latency, latency) : latency.slice();
    if (!known) this.#cells.splice(this.#indexOf(second), 0, cell);
  }

  /** Adds response times of requests that were counted before. */
  addWindow(through: number, { fromSecond, latency }: Pick<WindowDelta, 'fromSecond' | 'latency'>): void {
    const block = this.#block(through);
    if (block) block.latency = mergeEncoded(block.latency, latency);
    else this.#windows.push({ from: fromSecond, through, latency: latency.slice() });
  }

  /** Forgets all seconds from this one on. @param second a multiple of ten */
  cut(second: number): void {
    this.#cells.length = this.#indexOf(second);
    this.#windows = this.#windows.filter(({ from }) => from < second);
  }

  /** Merges the seconds before this one to blocks. @param end a multiple of ten */
  compact(end: number): void {
    const early = this.#cells.slice(0, this.#indexOf(end));
    if (early.every(({ seconds }) => seconds === BLOCK_SECONDS)) return;
    const late = this.#cells.slice(early.length);
    const windows = this.#windows;
    this.#cells = [];
    this.#windows = windows.filter(({ from }) => from >= end);
    for (const cell of early) this.add(blockOf(cell.second), BLOCK_SECONDS, cell);
    this.#cells.push(...late);
    for (const window of windows)
      if (window.from < end) this.addWindow(window.through, { ...window, fromSecond: window.from });
  }

  /** The steps of a range, also those in which nothing was counted. */
  steps({ from, end, points }: StepRange): SeriesStep[] {
    const begin = blockOf(from);
    const cells = this.#cells.filter(({ second }) => second >= begin && second < end);
    const secondsFrom = cells.findLast(({ seconds }) => seconds > 1)?.second ?? begin - BLOCK_SECONDS;
    const fine = secondsFrom + BLOCK_SECONDS;
    const number = (fine - begin) / BLOCK_SECONDS + Math.max(0, end - fine);
    if (number > points) {
      const step = Math.max(BLOCK_SECONDS, stepFor(Math.max(1, end - begin), points));
      return this.#merged(cells, begin - (begin % step), end, step);
    }
    return [
      ...this.#merged(cells, begin, Math.min(fine, end), BLOCK_SECONDS),
      ...this.#seconds(cells, fine, end),
    ];
  }

  /** All response times. */
  latency(): Histogram {
    const all = new Histogram();
    for (const { latency } of [...this.#cells, ...this.#windows]) addEncoded(all, latency);
    return all;
  }

  #merged(cells: readonly Cell[], begin: number, end: number, step: number): SeriesStep[] {
    const steps: SeriesStep[] = [];
    let at = 0;
    for (let second = begin; second < end; second += step) {
      const sum = new StepSum();
      for (; at < cells.length && cells[at]!.second < second + step; at++) sum.add(cells[at]!);
      for (const { from, latency } of this.#windows)
        if (from >= second && from < second + step) sum.addTimes(latency);
      steps.push(sum.step(second, Math.min(step, end - second)));
    }
    return steps;
  }

  /** Each second has the response times of all windows that it is in. */
  #seconds(cells: readonly Cell[], begin: number, end: number): SeriesStep[] {
    const bySecond = new Map(cells.map((cell) => [cell.second, cell]));
    const steps: SeriesStep[] = [];
    for (let second = begin; second < end; second++) {
      const sum = new StepSum();
      const cell = bySecond.get(second);
      if (cell) {
        sum.add(cell);
        for (const { from, through, latency } of this.#windows)
          if (from <= second && second <= through) sum.addTimes(latency);
      }
      steps.push(sum.step(second, 1));
    }
    return steps;
  }

  #cellAt(second: number): Cell | undefined {
    const cell = this.#cells[this.#indexOf(second)];
    return cell?.second === second ? cell : undefined;
  }

  /** The block of ten seconds that a second is in, if it was merged. */
  #block(second: number): Cell | undefined {
    const cell = this.#cellAt(blockOf(second));
    return cell?.seconds === BLOCK_SECONDS ? cell : undefined;
  }

  /** Where a cell of this second is, or belongs. New ones are mostly the last. */
  #indexOf(second: number): number {
    const last = this.#cells.at(-1);
    if (last === undefined || last.second < second) return this.#cells.length;
    let [low, high] = [0, this.#cells.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cells[middle]!.second < second) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

type Counts = Pick<SeriesDelta, 'requests' | 'failures' | 'latency'>;

class StepSum {
  private requests = 0;
  private failures = 0;
  private readonly latency = new Histogram();

  add({ requests, failures, latency }: Cell): void {
    this.requests += requests;
    this.failures += failures;
    addEncoded(this.latency, latency);
  }

  addTimes(latency: Uint8Array): void {
    addEncoded(this.latency, latency);
  }

  step(second: number, seconds: number): SeriesStep {
    const [p50, p95, p99] = this.latency.quantiles(QUANTILES) as [number, number, number];
    const { requests, failures } = this;
    return {
      second,
      seconds,
      requests,
      failures,
      p50Ms: p50 / 1_000,
      p95Ms: p95 / 1_000,
      p99Ms: p99 / 1_000,
    };
  }
}

/** Response times as bars of equal width on a logarithmic scale, from the first to the last. */
export function latencyBars(latency: Histogram): LatencyBar[] {
  const counts = new Map<number, number>();
  latency.forEachBucket((bucket, count) => {
    const bar = Math.floor(BARS_A_DECADE * Math.log10(Math.max(1, lowestOf(bucket))) + 1e-9);
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  });
  const known = [...counts.keys()];
  const first = Math.min(...known);
  return Array.from({ length: known.length === 0 ? 0 : Math.max(...known) - first + 1 }, (_, index) => {
    const bar = first + index;
    return { fromMs: edgeMs(bar), toMs: edgeMs(bar + 1), count: counts.get(bar) ?? 0 };
  });
}

/** Where a bar begins, rounded to four digits. */
function edgeMs(bar: number): number {
  return Number((10 ** (bar / BARS_A_DECADE) / 1_000).toPrecision(4));
}

function blockOf(second: number): number {
  return second - (second % BLOCK_SECONDS);
}
