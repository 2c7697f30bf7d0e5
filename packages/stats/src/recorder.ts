import type { Sample, SeriesKey } from '@drumline/model';
import type { IntervalDelta } from './delta.js';
import { Ledger } from './ledger.js';
import { clipMessage, clipStack } from './limits.js';
import { once } from './sightings.js';

/** What the user's code threw, and where. */
export interface ThrownException {
  readonly user: string;
  readonly task: string;
  readonly message: string;
  readonly stack: string;
}

/**
 * Counts what a lane does, second by second. All times passed in are milliseconds on the lane's monotonic clock.
 *
 * A request belongs to the second in which it ended, also when the loop stood still and the timer that calls
 * `flush` is late: whatever comes from a later second closes the open one first. What comes from an earlier second
 * counts in the open one, as a closed second may be on its way already.
 */
export class Recorder {
  readonly #open: Ledger;
  readonly #closed: IntervalDelta[] = [];
  #originMs: number;
  #second = 0;
  /** End of the open second, on the lane's clock. */
  #endMs: number;

  /**
   * @param originMs The run's start. What comes before it counts in second 0.
   * @param maxSeries Series beyond so many are counted together.
   */
  constructor(originMs: number, maxSeries?: number) {
    this.#open = new Ledger(maxSeries);
    this.#originMs = originMs;
    this.#endMs = originMs + 1000;
  }

  /** Moves the run's start, as the estimate of the master's clock moves. The open second stays open. */
  setOrigin(originMs: number): void {
    this.#originMs = originMs;
    this.#endMs = originMs + (this.#second + 1) * 1000;
  }

  /** The hot path: one finished request. */
  record(sample: Sample): void {
    this.#reach(sample.endedAtMs);
    const series = this.#open.seriesOf(sample.series);
    series.tally.record(sample);
    if (sample.outcome === 'failed') {
      series.error(sample.failure ?? 'failed', this.#sinceStart(sample.endedAtMs), sample.example);
    }
    if (sample.opened !== undefined) for (const one of sample.opened) this.#open.connections.record(one);
  }

  /** Declares a request failed that was recorded as passed: a failure and an error now, no further request. */
  fail(key: SeriesKey, reason: string, atMs: number): void {
    this.#reach(atMs);
    this.#open.seriesOf(key).fail(reason, this.#sinceStart(atMs));
  }

  /**
   * Counts a request that was sent again. The request itself counts when it ends.
   * @param bytesSent the first time
   */
  resent(key: SeriesKey, bytesSent: number, atMs: number): void {
    this.#reach(atMs);
    this.#open.seriesOf(key).tally.resent(bytesSent);
  }

  /** Counts bytes of a series that belong to no request of it: what a connection carries between two requests. */
  transferred(key: SeriesKey, bytesSent: number, bytesReceived: number, atMs: number): void {
    this.#reach(atMs);
    this.#open.seriesOf(key).tally.transferred(bytesSent, bytesReceived);
  }

  /** A check of the user's. It counts in the open second: that of the request it looks at, as a rule. */
  check(name: string, passed: boolean): void {
    this.#open.check(name, passed ? 1 : 0, passed ? 0 : 1);
  }

  /**
   * Adds to a sum. This and the metrics below throw a RangeError for a value that is not a finite
   * number.
   */
  counter(name: string, value: number, atMs: number): void {
    assertFinite(name, value);
    this.#reach(atMs);
    this.#open.metrics.add({ kind: 'counter', name, sum: value });
  }

  /** Sets a value. */
  gauge(name: string, value: number, atMs: number): void {
    assertFinite(name, value);
    this.#reach(atMs);
    const lastAtMs = this.#sinceStart(atMs);
    this.#open.metrics.add({ kind: 'gauge', name, last: value, lastAtMs, min: value, max: value });
  }

  /** Counts a hit or a miss. */
  rate(name: string, hit: boolean, atMs: number): void {
    this.#reach(atMs);
    this.#open.metrics.add({ kind: 'rate', name, hits: hit ? 1 : 0, total: 1 });
  }

  /** Adds a value to a distribution: kept in thousandths, from 0 (also for negative values) to 3,600,000. */
  trend(name: string, value: number, atMs: number): void {
    assertFinite(name, value);
    this.#reach(atMs);
    this.#open.metrics.addToTrend(name, value);
  }

  exception({ user, task, message, stack }: ThrownException, atMs: number): void {
    this.#reach(atMs);
    const texts = { user, task, message: clipMessage(message), stack: clipStack(stack) };
    this.#open.exception({ ...texts, ...once(this.#sinceStart(atMs)) });
  }

  /** Hands over the closed seconds, ascending, each once. Seconds in which nothing happened are left out. */
  flush(nowMs: number): IntervalDelta[] {
    this.#reach(nowMs);
    return this.#closed.splice(0);
  }

  /** As `flush`, with the open second. What is recorded later goes into a further delta of the same second. */
  close(nowMs: number): IntervalDelta[] {
    this.#reach(nowMs);
    this.#closeSecond();
    return this.#closed.splice(0);
  }

  /** Makes the second that holds an instant the open one, unless it is past already. */
  #reach(atMs: number): void {
    if (atMs < this.#endMs) return;
    this.#closeSecond();
    this.#second = Math.floor((atMs - this.#originMs) / 1000);
    this.#endMs = this.#originMs + (this.#second + 1) * 1000;
  }

  #closeSecond(): void {
    const delta = this.#open.delta(this.#second);
    if (delta !== undefined) this.#closed.push(delta);
    this.#open.reset();
  }

  /** Milliseconds since the run's start, to the microsecond. */
  #sinceStart(atMs: number): number {
    return Math.max(0, Math.round((atMs - this.#originMs) * 1000) / 1000);
  }
}

function assertFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`metric ${name}: ${value} is not a finite number`);
}
