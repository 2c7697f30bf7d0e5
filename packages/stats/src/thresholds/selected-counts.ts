import { addEncoded, encodeHistogram } from '../codec.js';
import type { IntervalDelta, MetricDelta, SeriesDelta } from '../delta.js';
import { Histogram } from '../histogram.js';
import { MetricTally } from '../metrics.js';
import { readTaggedName } from '../tagged-name.js';
import type { Selector } from './selector.js';

/** The counts of requests, or of parts of requests. */
export class RequestCounts {
  requests = 0;
  failures = 0;
  readonly latency = new Histogram();

  add({ requests, failures, latency }: Pick<SeriesDelta, 'requests' | 'failures' | 'latency'>): void {
    this.requests += requests;
    this.failures += failures;
    addEncoded(this.latency, latency);
  }

  /** Adds response times of requests that were counted before. */
  addTimes(latency: Uint8Array): void {
    addEncoded(this.latency, latency);
  }

  /** Undefined if nothing was counted. */
  delta(): RequestsDelta | undefined {
    const { requests, failures, latency } = this;
    if (requests === 0 && failures === 0 && latency.count === 0) return undefined;
    return { requests, failures, latency: encodeHistogram(latency) };
  }

  reset(): void {
    this.requests = 0;
    this.failures = 0;
    this.latency.reset();
  }
}

interface RequestsDelta {
  readonly requests: number;
  readonly failures: number;
  readonly latency: Uint8Array;
}

/** What a selector has counted in some seconds, as plain data that can be added. */
export interface SelectedDelta {
  readonly requests?: RequestsDelta;
  readonly parts?: RequestsDelta;
  readonly sums?: SelectedSums;
  readonly metrics?: readonly MetricDelta[];
}

/** Counts that are simple numbers. */
interface SelectedSums {
  exceptions: number;
  passes: number;
  fails: number;
  started: number;
  late: number;
  dropped: number;
  skipped: number;
}

const SUMS = ['exceptions', 'passes', 'fails', 'started', 'late', 'dropped', 'skipped'] as const;

/** Adds up what a selector selects. The order does not matter. */
export class SelectedCounts {
  readonly requests = new RequestCounts();
  /** Counted apart, because parts are only judged if no request is selected. */
  readonly parts = new RequestCounts();
  readonly sums: SelectedSums = {
    exceptions: 0,
    passes: 0,
    fails: 0,
    started: 0,
    late: 0,
    dropped: 0,
    skipped: 0,
  };
  readonly metrics = new MetricTally();

  /** Whether there are requests, but none of their response times has arrived. */
  get isUntimed(): boolean {
    const { requests, parts } = this;
    return requests.requests + parts.requests > 0 && requests.latency.count + parts.latency.count === 0;
  }

  /** Adds what is selected of a delta. @returns whether anything is */
  select(delta: IntervalDelta, selector: Selector): boolean {
    const isAny = this.selectCounts(delta, selector);
    return this.selectWindows(delta, selector) || isAny;
  }

  /**
   * Adds what is selected of a delta, with the response times of its second if everything is
   * selected. @returns whether anything is
   */
  selectOfSecond(delta: IntervalDelta, selector: Selector): boolean {
    if (!selector.isEverything) return this.select(delta, selector);
    if (delta.coarseLatency) this.requests.addTimes(delta.coarseLatency);
    return this.selectCounts(delta, selector);
  }

  private selectWindows({ windows = [] }: IntervalDelta, selector: Selector): boolean {
    let isAny = false;
    for (const { key, latency } of windows) {
      const match = selector.match(key);
      if (match === 'none') continue;
      this[match].addTimes(latency);
      isAny = true;
    }
    return isAny;
  }

  private selectCounts(delta: IntervalDelta, selector: Selector): boolean {
    let isAny = false;
    for (const series of delta.series) {
      const match = selector.match(series.key);
      if (match === 'none') continue;
      this[match].add(series);
      isAny = true;
    }
    if (this.selectTimes(delta, selector)) isAny = true;
    for (const { name: text, passes, fails } of delta.checks) {
      const { name, tags } = readTaggedName(text);
      if (!selector.selects('check', name, tags)) continue;
      this.sums.passes += passes;
      this.sums.fails += fails;
      isAny = true;
    }
    for (const metric of delta.metrics) {
      const { name, tags } = readTaggedName(metric.name);
      if (!selector.selects('metric', name, tags)) continue;
      // Without tags, so that values with different tags are added up.
      this.metrics.add({ ...metric, name });
      isAny = true;
    }
    for (const { user, occurrences } of delta.exceptions) {
      if (!selector.selectsExceptions(user)) continue;
      this.sums.exceptions += occurrences;
      isAny = true;
    }
    for (const { user, phase, started, late, dropped, skipped } of delta.schedule ?? []) {
      if (!selector.selectsSchedule(user, phase)) continue;
      this.sums.started += started;
      this.sums.late += late;
      this.sums.dropped += dropped;
      this.sums.skipped += skipped;
      isAny = true;
    }
    return isAny;
  }

  /**
   * Adds response times that the series lack, because full histograms come only every few seconds.
   * Those over all series come at once; those of a series come later, in the last of its seconds.
   */
  private selectTimes({ coarseLatency, windows }: IntervalDelta, selector: Selector): boolean {
    if (selector.isEverything) {
      if (coarseLatency) addEncoded(this.requests.latency, coarseLatency);
      return coarseLatency !== undefined;
    }
    let isAny = false;
    for (const { key, latency } of windows ?? []) {
      const match = selector.match(key);
      if (match === 'none') continue;
      addEncoded(this[match].latency, latency);
      isAny = true;
    }
    return isAny;
  }

  add({ requests, parts, sums, metrics = [] }: SelectedDelta): void {
    if (requests) this.requests.add(requests);
    if (parts) this.parts.add(parts);
    if (sums) for (const name of SUMS) this.sums[name] += sums[name];
    for (const metric of metrics) this.metrics.add(metric);
  }

  delta(): SelectedDelta {
    const requests = this.requests.delta();
    const parts = this.parts.delta();
    const metrics = this.metrics.deltas();
    const hasSums = SUMS.some((name) => this.sums[name] > 0);
    return {
      ...(requests && { requests }),
      ...(parts && { parts }),
      ...(hasSums && { sums: { ...this.sums } }),
      ...(metrics.length > 0 && { metrics }),
    };
  }

  reset(): void {
    this.requests.reset();
    this.parts.reset();
    for (const name of SUMS) this.sums[name] = 0;
    this.metrics.clear();
  }
}
