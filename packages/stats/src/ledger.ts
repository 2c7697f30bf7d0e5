import { type SeriesKey, seriesId } from '@drumline/model';
import { ConnectionBook } from './connections.js';
import type { CheckDelta, ExceptionDelta, IntervalDelta } from './delta.js';
import { MetricBook } from './metrics.js';
import { addException } from './sightings.js';
import { SeriesTally } from './tally.js';

/** How many key objects are remembered before the memory starts afresh: drivers may make one for each request. */
const REMEMBERED_KEYS = 4096;

/** Everything counted in a stretch of time, be it a second of a lane or a whole run. */
export class Ledger {
  readonly series = new Map<string, SeriesTally>();
  readonly checks = new Map<string, CheckDelta>();
  readonly metrics = new MetricBook();
  readonly exceptions = new Map<string, ExceptionDelta>();
  readonly connections = new ConnectionBook();
  readonly #byKey = new Map<SeriesKey, SeriesTally>();
  #lastKey: SeriesKey | undefined;
  #lastSeries: SeriesTally | undefined;

  /** The series of a key. Costs next to nothing for a key object seen before, half a microsecond for an equal one. */
  seriesOf(key: SeriesKey): SeriesTally {
    if (key === this.#lastKey) return this.#lastSeries!;
    const series = this.#byKey.get(key) ?? this.#remember(key);
    this.#lastKey = key;
    this.#lastSeries = series;
    return series;
  }

  check(name: string, passes: number, fails: number): void {
    const check = this.checks.get(name);
    if (check === undefined) {
      this.checks.set(name, { name, passes, fails });
    } else {
      check.passes += passes;
      check.fails += fails;
    }
  }

  exception(seen: ExceptionDelta): void {
    addException(this.exceptions, seen);
  }

  add(delta: IntervalDelta): void {
    for (const series of delta.series) this.seriesOf(series.key).add(series);
    for (const { name, passes, fails } of delta.checks) this.check(name, passes, fails);
    for (const metric of delta.metrics) this.metrics.add(metric);
    for (const exception of delta.exceptions) this.exception(exception);
    for (const opened of delta.connections ?? []) this.connections.add(opened);
  }

  /** The contents as the delta of a second; undefined when there are none. */
  delta(second: number): IntervalDelta | undefined {
    const series = [...this.series.values()].filter(({ used }) => used).map((tally) => tally.delta());
    const checks = [...this.checks.values()];
    const metrics = this.metrics.deltas();
    const exceptions = [...this.exceptions.values()];
    const connections = this.connections.deltas();
    const lists = [series, checks, metrics, exceptions, connections];
    if (lists.every(({ length }) => length === 0)) return undefined;
    return { second, series, checks, metrics, exceptions, ...(connections.length > 0 && { connections }) };
  }

  /** Empties the ledger. Series stay known, and keep the memory of their histograms. */
  reset(): void {
    for (const series of this.series.values()) if (series.used) series.reset();
    this.checks.clear();
    this.metrics.clear();
    this.exceptions.clear();
    this.connections.reset();
  }

  #remember(key: SeriesKey): SeriesTally {
    const id = seriesId(key);
    let series = this.series.get(id);
    if (series === undefined) {
      series = new SeriesTally(key);
      this.series.set(id, series);
    }
    if (this.#byKey.size >= REMEMBERED_KEYS) this.#byKey.clear();
    this.#byKey.set(key, series);
    return series;
  }
}
