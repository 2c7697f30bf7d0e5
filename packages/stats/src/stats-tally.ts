import type { SeriesKey } from '@drumline/model';
import { ConnectionTally } from './connections.js';
import type { CheckDelta, ExceptionDelta, IntervalDelta } from './delta.js';
import { clipName, hasRoom, MAX_CHECKS, OTHER } from './limits.js';
import { FailureSampleTally } from './failure-samples.js';
import { ListedSeries } from './listed-series.js';
import { MetricTally } from './metrics.js';
import { addException } from './occurrences.js';
import { ScheduleTally } from './schedule.js';
import { SpanTally } from './spans.js';
import { SeriesTally } from './tally.js';

/** Size of the cache of key objects. Drivers may create one for each request. */
const REMEMBERED_KEYS = 4096;

/** Everything counted in a period: a second of a lane, or a whole run. */
export class StatsTally {
  readonly listed: ListedSeries;
  /** By number. */
  readonly series: SeriesTally[] = [];
  readonly checks = new Map<string, CheckDelta>();
  readonly metrics = new MetricTally();
  readonly exceptions = new Map<string, ExceptionDelta>();
  readonly connections = new ConnectionTally();
  readonly schedule = new ScheduleTally();
  readonly failureSamples = new FailureSampleTally();
  readonly spans = new SpanTally();
  readonly #byKey = new Map<SeriesKey, SeriesTally>();
  #lastKey: SeriesKey | undefined;
  #lastSeries: SeriesTally | undefined;
  #lastCheck: CheckDelta | undefined;

  /** @param maxSeries further series are counted as `(other)`, one for each protocol */
  constructor(maxSeries?: number) {
    this.listed = new ListedSeries(maxSeries);
  }

  /** The series of a key. Fastest for a key object seen before; 0.5 µs for an equal one. */
  seriesOf(key: SeriesKey): SeriesTally {
    if (key === this.#lastKey) return this.#lastSeries!;
    const series = this.#byKey.get(key) ?? this.#remember(key);
    this.#lastKey = key;
    this.#lastSeries = series;
    return series;
  }

  check(name: string, passes: number, fails: number): void {
    const last = this.#lastCheck;
    const check = last?.name === name ? last : this.checks.get(name);
    if (check === undefined) {
      const isOne = name === OTHER || hasRoom(this.checks, MAX_CHECKS);
      const known = clipName(isOne ? name : OTHER);
      if (known !== name) this.check(known, passes, fails);
      else this.checks.set(name, { name, passes, fails });
    } else {
      check.passes += passes;
      check.fails += fails;
      this.#lastCheck = check;
    }
  }

  exception(seen: ExceptionDelta): void {
    addException(this.exceptions, seen);
  }

  /** Adds a delta. Windows are added to the response times of their series. */
  add(delta: IntervalDelta): void {
    for (const series of delta.series) this.seriesOf(series.key).add(series);
    for (const window of delta.windows ?? []) this.seriesOf(window.key).tally.addTimes(window);
    for (const { name, passes, fails } of delta.checks) this.check(name, passes, fails);
    for (const metric of delta.metrics) this.metrics.add(metric);
    for (const exception of delta.exceptions) this.exception(exception);
    for (const opened of delta.connections ?? []) this.connections.add(opened);
    for (const starts of delta.schedule ?? []) this.schedule.add(starts);
    for (const sample of delta.failureSamples ?? []) this.failureSamples.add(sample);
    for (const span of delta.spans ?? []) this.spans.add(span);
    if (delta.unlisted) this.listed.unlisted.merge(delta.unlisted);
  }

  /** The counts as the delta of a second; undefined if there are none. */
  delta(second: number): IntervalDelta | undefined {
    const series = this.series.filter(({ used }) => used).map((tally) => tally.delta());
    const checks = [...this.checks.values()];
    const metrics = this.metrics.deltas();
    const exceptions = [...this.exceptions.values()];
    const connections = this.connections.deltas();
    const schedule = this.schedule.deltas();
    const failureSamples = this.failureSamples.all();
    const spans = this.spans.all();
    const lists = [failureSamples, spans, series, checks, metrics, exceptions, connections, schedule];
    if (lists.every(({ length }) => length === 0)) return undefined;
    const unlisted = this.listed.unlisted.sketch();
    return {
      second,
      series,
      checks,
      metrics,
      exceptions,
      ...(connections.length > 0 && { connections }),
      ...(schedule.length > 0 && { schedule }),
      ...(failureSamples.length > 0 && { failureSamples }),
      ...(spans.length > 0 && { spans }),
      ...(unlisted && { unlisted }),
    };
  }

  /** Resets all counts. Series keep their histograms, to avoid allocations. */
  reset(): void {
    for (const series of this.series) if (series.used) series.reset();
    this.checks.clear();
    this.#lastCheck = undefined;
    this.metrics.clear();
    this.exceptions.clear();
    this.connections.reset();
    this.schedule.reset();
    this.failureSamples.reset();
    this.spans.reset();
    this.listed.unlisted.clear();
  }

  #remember(key: SeriesKey): SeriesTally {
    const number = this.listed.numberOf(key);
    const series = (this.series[number] ??= new SeriesTally(this.listed.keys[number]!));
    if (this.#byKey.size >= REMEMBERED_KEYS) this.#byKey.clear();
    this.#byKey.set(key, series);
    return series;
  }
}
