import { type SeriesKey, seriesId, timesParts } from '@drumline/model';
import type { ConnectionTotals } from './connections.js';
import type { CheckDelta, ErrorDelta, ExceptionDelta, IntervalDelta } from './delta.js';
import { DistinctCount } from './distinct.js';
import { Histogram } from './histogram.js';
import { Ledger } from './ledger.js';
import { compare, type MetricTotals } from './metrics.js';
import { type SeriesTally, type SeriesTotals, Tally } from './tally.js';

/** A run in figures. Plain objects of the caller's own. */
export interface TotalsSnapshot {
  /** Over all series of requests: those that time parts of them are left out. */
  totals: SeriesTotals;
  /** Sorted by protocol, name, method, user and tags. */
  series: (SeriesTotals & { key: SeriesKey })[];
  /** In the order of the series, the most frequent first. */
  errors: (ErrorDelta & { key: SeriesKey })[];
  /** Sorted by name. */
  checks: CheckDelta[];
  /** Sorted by name. */
  metrics: MetricTotals[];
  /** Sorted by user, task and message. */
  exceptions: ExceptionDelta[];
  /** Sorted by protocol, TLS version, cipher and handshake. */
  connections: ConnectionTotals[];
}

/** What has failed up to now. */
export interface Failed {
  readonly requests: number;
  readonly checks: number;
  readonly exceptions: number;
  /** The one that was thrown last. */
  readonly newestException?: ExceptionDelta;
}

/** Adds up the deltas of a run, in whatever order they come. */
export class Totals {
  readonly #ledger: Ledger;
  readonly #all = new Tally();

  /** @param maxSeries beyond so many, further series are counted together; sums stay exact */
  constructor(maxSeries?: number) {
    this.#ledger = new Ledger(maxSeries);
  }

  /** About how many different series there were; undefined while each has its own. */
  get distinctSeries(): number | undefined {
    const { unlisted, series } = this.#ledger;
    const sketch = unlisted.sketch();
    if (sketch === undefined) return undefined;
    const all = new DistinctCount();
    all.merge(sketch);
    for (const id of series.keys()) all.add(id);
    return all.estimate();
  }

  /** Adds a delta; `checkDelta` tells whether one from elsewhere is sound. */
  add(delta: IntervalDelta): void {
    this.#ledger.add(delta);
    for (const series of delta.series) if (!timesParts(series.key)) this.#all.add(series);
  }

  /** What has failed up to now; far cheaper than a snapshot. */
  get failed(): Failed {
    let [checks, exceptions] = [0, 0];
    let newest: ExceptionDelta | undefined;
    for (const { fails } of this.#ledger.checks.values()) checks += fails;
    for (const exception of this.#ledger.exceptions.values()) {
      exceptions += exception.occurrences;
      if (newest === undefined || exception.lastSeenAtMs > newest.lastSeenAtMs) newest = exception;
    }
    const { failures } = this.#all;
    return { requests: failures, checks, exceptions, ...(newest && { newestException: { ...newest } }) };
  }

  /**
   * Everything added, as one delta of this second: added to other totals, it makes them equal to
   * these.
   */
  delta(second: number): IntervalDelta {
    return this.#ledger.delta(second) ?? { second, series: [], checks: [], metrics: [], exceptions: [] };
  }

  snapshot(): TotalsSnapshot {
    const series = [...this.#ledger.series.values()].sort((a, b) => compareKeys(a.key, b.key));
    return {
      totals: this.#all.totals(),
      series: series.map(({ key, tally }) => ({ key, ...tally.totals() })),
      errors: series.flatMap(errorsOf),
      checks: [...this.#ledger.checks.values()]
        .map((check) => ({ ...check }))
        .sort((a, b) => compare(a.name, b.name)),
      metrics: this.#ledger.metrics.totals(),
      exceptions: [...this.#ledger.exceptions.values()]
        .map((exception) => ({ ...exception }))
        .sort(compareExceptions),
      connections: this.#ledger.connections.totals(),
    };
  }

  /** The sum of a counter; 0 if there is none of this name. */
  counter(name: string): number {
    return this.#ledger.metrics.counter(name);
  }

  /** A copy of the response times of a series, of all of them without a key. Microseconds. */
  histogramOf(key?: SeriesKey): Histogram {
    if (key === undefined) return this.#all.latency.clone();
    return this.#ledger.series.get(seriesId(key))?.tally.latency.clone() ?? new Histogram();
  }
}

function errorsOf({ key, errors }: SeriesTally): (ErrorDelta & { key: SeriesKey })[] {
  return [...errors.values()]
    .sort((a, b) => b.occurrences - a.occurrences || compare(a.error, b.error))
    .map((error) => ({ key, ...error }));
}

function compareKeys(a: SeriesKey, b: SeriesKey): number {
  return (
    compare(a.protocol, b.protocol) ||
    compare(a.name, b.name) ||
    compare(a.method, b.method) ||
    compare(a.user, b.user) ||
    compare(a.tags.flat().join('\n'), b.tags.flat().join('\n'))
  );
}

function compareExceptions(a: ExceptionDelta, b: ExceptionDelta): number {
  return (
    compare(a.user, b.user) ||
    compare(a.task, b.task) ||
    compare(a.message, b.message) ||
    compare(a.stack, b.stack)
  );
}
