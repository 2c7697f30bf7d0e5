import { type SeriesKey, timesParts } from '@drumline/model';
import type { ConnectionTotals } from './connections.js';
import type { ErrorDelta, ExceptionDelta, IntervalDelta, ScheduleDelta, FailureSample } from './delta.js';
import { DistinctCount } from './distinct.js';
import { StatsTally } from './stats-tally.js';
import { compare, type MetricTotals } from './metrics.js';
import { readTaggedName, type TaggedName } from './tagged-name.js';
import { type CountedSeries, type SeriesTally, type SeriesTotals, Tally } from './tally.js';

/** A check with the same tags. */
interface CheckTotals extends TaggedName {
  passes: number;
  fails: number;
}

/** What has failed. */
export interface ErrorTotals {
  /** In the order of the series; within a series, the most frequent first. */
  errors: (ErrorDelta & { key: SeriesKey })[];
  /** Sorted by user, task and message. */
  exceptions: ExceptionDelta[];
  failureSamples: FailureSample[];
}

/** What is counted beside requests. */
export interface OtherTotals {
  /** Sorted by name and tags. */
  checks: CheckTotals[];
  /** Sorted by name. */
  metrics: MetricTotals[];
  /** Sorted by protocol, TLS version, cipher and handshake. */
  connections: ConnectionTotals[];
}

/** The totals of a run, as plain objects that the caller may change. */
export interface TotalsSnapshot extends ErrorTotals, OtherTotals {
  /** Over all series except those that time parts of requests. */
  totals: SeriesTotals;
  /** Sorted by protocol, name, method, user and tags. */
  series: (SeriesTotals & { key: SeriesKey })[];
  /** Sorted by phase and user type. */
  schedule: ScheduleDelta[];
}

/** Failures so far. */
export interface Failed {
  readonly requests: number;
  readonly checks: number;
  readonly exceptions: number;
  /** The most recent exception. */
  readonly newestException?: ExceptionDelta;
}

/** Adds up the deltas of a run. Their order does not matter. */
export class Totals {
  readonly #tally: StatsTally;
  readonly #all = new Tally();
  /** All series in order; made again when there are more. */
  #ordered: readonly SeriesTally[] = [];
  /** Number of deltas so far: the same number stands for the same totals. */
  deltas = 0;

  /** @param maxSeries further series are counted together; sums stay exact */
  constructor(maxSeries?: number) {
    this.#tally = new StatsTally(maxSeries);
  }

  /** Estimated number of different series; undefined if none exceeded the limit. */
  get distinctSeries(): number | undefined {
    const { listed } = this.#tally;
    const sketch = listed.unlisted.sketch();
    if (sketch === undefined) return undefined;
    const all = new DistinctCount();
    all.merge(sketch);
    for (const id of listed.ids) all.add(id);
    return all.estimate();
  }

  /** Adds a delta. Check deltas of other processes with `checkDelta` first. */
  add(delta: IntervalDelta): void {
    this.deltas++;
    // Spans are not totals.
    this.#tally.add(delta.spans ? { ...delta, spans: [] } : delta);
    for (const series of delta.series) if (!timesParts(series.key)) this.#all.add(series);
    for (const window of delta.windows ?? []) if (!timesParts(window.key)) this.#all.addTimes(window);
  }

  /** The number of requests whose response times have not arrived. */
  get untimed(): number {
    const { requests, interrupted, latency } = this.#all;
    return requests - interrupted - latency.count;
  }

  /** Failures so far. Much cheaper than a snapshot. */
  get failed(): Failed {
    let [checks, exceptions] = [0, 0];
    let newest: ExceptionDelta | undefined;
    for (const { fails } of this.#tally.checks.values()) checks += fails;
    for (const exception of this.#tally.exceptions.values()) {
      exceptions += exception.occurrences;
      if (newest === undefined || exception.lastSeenAtMs > newest.lastSeenAtMs) newest = exception;
    }
    const { failures } = this.#all;
    return { requests: failures, checks, exceptions, ...(newest && { newestException: { ...newest } }) };
  }

  /** Everything added so far, as one delta. */
  delta(second: number): IntervalDelta {
    return this.#tally.delta(second) ?? { second, series: [], checks: [], metrics: [], exceptions: [] };
  }

  /** Of all series together. Much cheaper than a snapshot. */
  overall(): TotalsSnapshot['totals'] {
    return this.#all.totals();
  }

  /** The series with such a key, in the order of a snapshot. Cheaper the fewer they are. */
  series(isWanted: (key: SeriesKey) => boolean = () => true): TotalsSnapshot['series'] {
    return this.#inOrder()
      .filter(({ key }) => isWanted(key))
      .map(({ key, tally }) => ({ key, ...tally.totals() }));
  }

  /**
   * The series as they are counted, in the order of a snapshot. No figure is computed before it is
   * read. The array stays the same until there are more series.
   */
  counted(): readonly CountedSeries[] {
    return this.#inOrder();
  }

  #inOrder(): readonly SeriesTally[] {
    const { series } = this.#tally;
    if (series.length !== this.#ordered.length)
      this.#ordered = series.toSorted((a, b) => compareKeys(a.key, b.key));
    return this.#ordered;
  }

  snapshot(): TotalsSnapshot {
    return {
      totals: this.overall(),
      series: this.series(),
      ...this.failures(),
      ...this.others(),
      schedule: this.#tally.schedule.totals(),
    };
  }

  /** What has failed. Much cheaper than a snapshot. */
  failures(): ErrorTotals {
    return {
      errors: this.#inOrder().flatMap(errorsOf),
      exceptions: [...this.#tally.exceptions.values()]
        .map((exception) => ({ ...exception }))
        .sort(compareExceptions),
      failureSamples: this.#tally.failureSamples.all(),
    };
  }

  /** What is counted beside requests. Much cheaper than a snapshot. */
  others(): OtherTotals {
    return {
      checks: [...this.#tally.checks.values()]
        .toSorted((a, b) => compare(a.name, b.name))
        .map(({ name, passes, fails }) => ({ ...readTaggedName(name), passes, fails })),
      metrics: this.#tally.metrics.totals(),
      connections: this.#tally.connections.totals(),
    };
  }

  /** The sum of a counter; 0 if there is none of this name. */
  counter(name: string): number {
    return this.#tally.metrics.counter(name);
  }
}

function errorsOf({ key, errors }: SeriesTally): (ErrorDelta & { key: SeriesKey })[] {
  return sortErrors(key, errors);
}

/** The errors of a series, the most frequent first. */
export function sortErrors(
  key: SeriesKey,
  errors: ReadonlyMap<string, ErrorDelta>,
): (ErrorDelta & { key: SeriesKey })[] {
  return [...errors.values()]
    .sort((a, b) => b.occurrences - a.occurrences || compare(a.error, b.error))
    .map((error) => ({ key, ...error }));
}

/** The order of series. */
export function compareKeys(a: SeriesKey, b: SeriesKey): number {
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
