import { DEFAULT_FAILURE_SAMPLES, type Sample, type SeriesKey } from '@drumline/model';
import type { IntervalDelta } from './delta.js';
import { StatsTally } from './stats-tally.js';
import { FailureSampler } from './failure-samples.js';
import { clipMessage, clipStack } from './limits.js';
import { once } from './occurrences.js';
import { MAX_LANE_SPANS, SpanTally } from './spans.js';
import type { ScheduleEvent } from './schedule.js';

/** An exception of the user's code. */
export interface ThrownException {
  readonly user: string;
  readonly task: string;
  readonly message: string;
  readonly stack: string;
}

/**
 * Counts the samples of a lane, second by second. All times are milliseconds on the lane's
 * monotonic clock.
 *
 * A request belongs to the second in which it ended, even if the event loop was blocked and `flush`
 * is called late. A sample of a later second closes the open one first. A sample of an earlier
 * second is counted in the open one, because closed seconds may already have been sent.
 */
export class Recorder {
  readonly #open: StatsTally;
  readonly #closed: IntervalDelta[] = [];
  readonly #sampler: FailureSampler;
  readonly #spans = new SpanTally(MAX_LANE_SPANS);
  #originMs: number;
  #second = 0;
  /** End of the open second, on the lane's clock. */
  #endMs: number;

  /**
   * @param originMs start of the run; earlier samples are counted in second 0
   * @param maxSeries further series are counted together
   * @param failureSamples failed requests that are kept of each error
   */
  constructor(originMs: number, maxSeries?: number, failureSamples = DEFAULT_FAILURE_SAMPLES) {
    this.#sampler = new FailureSampler(failureSamples);
    this.#open = new StatsTally(maxSeries);
    this.#originMs = originMs;
    this.#endMs = originMs + 1000;
  }

  /** Changes the start of the run after a correction of the clock. The open second stays open. */
  setOrigin(originMs: number): void {
    this.#originMs = originMs;
    this.#endMs = originMs + (this.#second + 1) * 1000;
  }

  /** Counts a finished request. Called for each request. */
  record(sample: Sample): void {
    this.#reach(sample.endedAtMs);
    const series = this.#open.seriesOf(sample.series);
    series.tally.record(sample);
    if (sample.outcome === 'failed') {
      const atMs = this.#sinceStart(sample.endedAtMs);
      series.error(sample.failure ?? 'failed', atMs, sample.example);
      const kept = this.#sampler.take(sample, atMs);
      if (kept !== undefined) this.#open.failureSamples.add(kept);
    }
    if (sample.traceId !== undefined) this.#spans.record(sample, this.#sinceStart(sample.endedAtMs));
    if (sample.opened !== undefined) for (const one of sample.opened) this.#open.connections.record(one);
  }

  /** Counts a failure for a request that was recorded as passed, without counting it again. */
  fail(key: SeriesKey, reason: string, atMs: number): void {
    this.#reach(atMs);
    this.#open.seriesOf(key).fail(reason, this.#sinceStart(atMs));
  }

  /**
   * Counts a resend. The request itself is counted when it ends.
   * @param bytesSent bytes of the first attempt
   */
  resent(key: SeriesKey, bytesSent: number, atMs: number): void {
    this.#reach(atMs);
    this.#open.seriesOf(key).tally.resent(bytesSent);
  }

  /** Counts bytes of a series that a connection carries between requests. */
  transferred(key: SeriesKey, bytesSent: number, bytesReceived: number, atMs: number): void {
    this.#reach(atMs);
    this.#open.seriesOf(key).tally.transferred(bytesSent, bytesReceived);
  }

  /** Counts a check in the open second, which is usually that of the checked request. */
  check(name: string, passed: boolean): void {
    this.#open.check(name, passed ? 1 : 0, passed ? 0 : 1);
  }

  /**
   * Adds to a counter.
   * @throws RangeError if the value is not finite
   */
  counter(name: string, value: number, atMs: number): void {
    assertFinite(name, value);
    this.#reach(atMs);
    this.#open.metrics.add({ kind: 'counter', name, sum: value });
  }

  /**
   * Sets a gauge.
   * @throws RangeError if the value is not finite
   */
  gauge(name: string, value: number, atMs: number): void {
    assertFinite(name, value);
    this.#reach(atMs);
    const lastAtMs = this.#sinceStart(atMs);
    this.#open.metrics.add({ kind: 'gauge', name, last: value, lastAtMs, min: value, max: value });
  }

  /** Counts an observation of a rate. */
  rate(name: string, hit: boolean, atMs: number): void {
    this.#reach(atMs);
    this.#open.metrics.add({ kind: 'rate', name, hits: hit ? 1 : 0, total: 1 });
  }

  /**
   * Adds a value to a trend: 0 to 3,600,000, stored in thousandths. Negative values count as 0.
   * @throws RangeError if the value is not finite
   */
  trend(name: string, value: number, atMs: number): void {
    assertFinite(name, value);
    this.#reach(atMs);
    this.#open.metrics.addToTrend(name, value);
  }

  /**
   * Counts what became of starts that were due. Called for each start.
   * @param phase empty if the load has no phases
   */
  schedule(event: ScheduleEvent, user: string, phase: string, atMs: number, times = 1): void {
    this.#reach(atMs);
    this.#open.schedule.count(event, user, phase, times);
  }

  exception({ user, task, message, stack }: ThrownException, atMs: number): void {
    this.#reach(atMs);
    const texts = { user, task, message: clipMessage(message), stack: clipStack(stack) };
    this.#open.exception({ ...texts, ...once(this.#sinceStart(atMs)) });
  }

  /**
   * Returns and removes all counts, by second, ascending. Seconds without samples are omitted.
   * Later samples of the open second start another delta of it.
   */
  close(nowMs: number): IntervalDelta[] {
    this.#reach(nowMs);
    this.#closeSecond();
    return this.#closed.splice(0);
  }

  /** Opens the second of an instant, unless a later one is open. */
  #reach(atMs: number): void {
    if (atMs < this.#endMs) return;
    this.#closeSecond();
    this.#second = Math.floor((atMs - this.#originMs) / 1000);
    this.#endMs = this.#originMs + (this.#second + 1) * 1000;
  }

  #closeSecond(): void {
    const delta = this.#open.delta(this.#second);
    const spans = this.#spans.all();
    if (delta !== undefined) this.#closed.push(spans.length === 0 ? delta : { ...delta, spans });
    this.#open.reset();
    this.#spans.reset();
  }

  /** Milliseconds since the run's start, to the microsecond. */
  #sinceStart(atMs: number): number {
    return Math.max(0, Math.round((atMs - this.#originMs) * 1000) / 1000);
  }
}

function assertFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`metric ${name}: ${value} is not a finite number`);
}
