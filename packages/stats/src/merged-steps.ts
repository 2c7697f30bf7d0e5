import { addEncoded, decodeHistogram, encodeHistogram } from './codec.js';
import { Histogram } from './histogram.js';

/** Lengths of merged intervals. Each interval begins at a multiple of its length. */
const STEP_SECONDS = [2, 5, 10, 20, 60, 300, 600, 1_800, 3_600, 21_600, 86_400] as const;
/** The lengths whose response times are kept, each a multiple of the one before. */
const KEPT_SECONDS: readonly number[] = [60, 600, 3_600];

const QUANTILES = [0.5, 0.95, 0.99] as const;

/** p50, p95 and p99, milliseconds; 0 without response times. */
export type StepQuantiles = readonly [p50Ms: number, p95Ms: number, p99Ms: number];

/** A merged interval, for another process. */
export interface MergedStep {
  /** Length, one of `STEP_SECONDS`. */
  readonly seconds: number;
  readonly start: number;
  readonly quantiles: StepQuantiles;
  /** Encoded histogram of the response times; only of some lengths. */
  readonly latency?: Uint8Array;
}

interface Step {
  readonly seconds: number;
  readonly quantiles: Map<number, StepQuantiles>;
  /** Encoded histograms, if response times of this length are kept. */
  readonly sums: Map<number, Uint8Array> | undefined;
  /** Response times of the open interval so far; undefined if it must be merged again. */
  open: Histogram | undefined;
}

/**
 * The smallest length of intervals for which a range has at most this many points.
 * @param points 1 or more
 */
export function stepFor(rangeSeconds: number, points: number): number {
  const fits = (step: number): boolean => Math.ceil(rangeSeconds / step) <= points;
  const longest = STEP_SECONDS.at(-1)!;
  return [1, ...STEP_SECONDS].find(fits) ?? longest * Math.ceil(rangeSeconds / longest / points);
}

/**
 * Quantiles of longer intervals of a run, merged as the seconds close. So an overview of hours
 * merges no histograms when it is asked for.
 */
export class MergedSteps {
  private readonly steps: readonly Step[] = STEP_SECONDS.map((seconds) => ({
    seconds,
    quantiles: new Map(),
    sums: KEPT_SECONDS.includes(seconds) ? new Map() : undefined,
    open: new Histogram(),
  }));
  /** Seconds before this one are closed: they rarely change. */
  private closedEnd = 0;

  /** @param latencyOf the response times of a second; undefined if it has none */
  constructor(private readonly latencyOf: (second: number) => Histogram | undefined) {}

  /** The seconds before `end` have closed. */
  close(end: number): void {
    for (; this.closedEnd < end; this.closedEnd++) this.closeSecond(this.closedEnd);
  }

  /** A second has changed. */
  changed(second: number): void {
    if (second >= this.closedEnd) return;
    for (const step of this.steps) {
      const start = startOf(second, step.seconds);
      step.quantiles.delete(start);
      step.sums?.delete(start);
      if (start === startOf(this.closedEnd, step.seconds)) step.open = undefined;
    }
  }

  /** @param start a multiple of `seconds` */
  quantiles(start: number, seconds: number): StepQuantiles {
    const step = this.steps.find((one) => one.seconds === seconds);
    const known = step?.quantiles.get(start);
    if (known) return known;
    const latency = this.latencies(step, start, start + seconds);
    const quantiles = quantilesOf(latency);
    if (step && start + seconds <= this.closedEnd) {
      step.quantiles.set(start, quantiles);
      step.sums?.set(start, encodeHistogram(latency));
    }
    return quantiles;
  }

  /** Takes the intervals of another process, whose seconds before `end` are unknown here. */
  adopt(all: Iterable<MergedStep>, end: number): void {
    for (const { seconds, start, quantiles, latency } of all) {
      const step = this.steps.find((one) => one.seconds === seconds);
      step?.quantiles.set(start, quantiles);
      if (latency) step?.sums?.set(start, latency);
    }
    this.closedEnd = Math.max(this.closedEnd, end);
    for (const step of this.steps) step.open = undefined;
  }

  /**
   * Adds response times to the adopted intervals of a second. Those that are shorter than any kept
   * length keep their quantiles.
   */
  addLate(second: number, latency: Histogram): void {
    for (const step of this.steps) {
      const { seconds, sums, quantiles } = step;
      if (seconds < KEPT_SECONDS[0]!) continue;
      const start = startOf(second, seconds);
      quantiles.delete(start);
      if (start === startOf(this.closedEnd, seconds)) step.open = undefined;
      const before = sums?.get(start);
      if (before === undefined) continue;
      const sum = decodeHistogram(before);
      sum.add(latency);
      sums?.set(start, encodeHistogram(sum));
    }
  }

  /**
   * The intervals before a second, for another process.
   * @param withOpen whether also those that contain it
   */
  *before(end: number, withOpen = false): Generator<MergedStep> {
    this.close(end);
    for (const { seconds, sums } of this.steps) {
      for (let start = 0; start + (withOpen ? 1 : seconds) <= end; start += seconds) {
        const quantiles = this.quantiles(start, seconds);
        const latency = sums?.get(start);
        yield { seconds, start, quantiles, ...(latency && { latency }) };
      }
    }
  }

  private closeSecond(second: number): void {
    const latency = this.latencyOf(second);
    for (const step of this.steps) {
      const { seconds } = step;
      const start = startOf(second, seconds);
      step.open = start === second ? new Histogram() : (step.open ?? this.merged(start, second));
      if (latency) step.open.add(latency);
      if (start + seconds !== second + 1) continue;
      step.quantiles.set(start, quantilesOf(step.open));
      step.sums?.set(start, encodeHistogram(step.open));
    }
  }

  /** The response times of an interval, from those of its closed seconds if it is open. */
  private latencies(step: Step | undefined, start: number, end: number): Histogram {
    const isOpen = start < this.closedEnd && this.closedEnd < end;
    if (!isOpen || !step?.open) return this.merged(start, end);
    const histogram = this.merged(this.closedEnd, end);
    histogram.add(step.open);
    return histogram;
  }

  /** Merges the longest intervals that fit. */
  private merged(from: number, to: number): Histogram {
    const histogram = new Histogram();
    for (let at = from; at < to;) {
      const step = this.steps.findLast(
        ({ seconds, sums }) => at % seconds === 0 && at + seconds <= to && sums?.has(at) === true,
      );
      if (step) addEncoded(histogram, step.sums!.get(at)!);
      else {
        const latency = this.latencyOf(at);
        if (latency) histogram.add(latency);
      }
      at += step?.seconds ?? 1;
    }
    return histogram;
  }
}

function startOf(second: number, seconds: number): number {
  return second - (second % seconds);
}

function quantilesOf(latency: Histogram): StepQuantiles {
  const [p50, p95, p99] = latency.quantiles(QUANTILES) as [number, number, number];
  return [p50 / 1_000, p95 / 1_000, p99 / 1_000];
}
