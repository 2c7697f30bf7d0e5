import type { NamedSeries } from '@drumline/model';
import type { CountedSeries } from '@drumline/stats';
import { seriesOf, type ListedSeries, type RunResult, type SeriesResult } from '@drumline/wire';
import type { Aggregate } from '../intervals/aggregate.js';
import { listResults, namesOf } from './listed-series.js';

/** A series that can be filtered and sorted. Its quantiles are computed when they are read. */
export interface SeriesRow
  extends
    NamedSeries,
    Pick<SeriesResult, 'requests' | 'failures' | 'rate' | 'bytesSent' | 'bytesReceived' | 'latencyMs'> {
  readonly id: string;
  /** What is counted: another object after a reset. */
  readonly origin: object;
  /** Grows with every change of the figures, except of the rate. */
  readonly gains: number;
  /** All figures. */
  listed(): ListedSeries;
}

/** The series of a run at the end of an interval. */
export interface SeriesMoment {
  /** Grows if anything may have changed. */
  readonly revision: number;
  readonly interval: number;
  /** What the rates refer to; absent once the run has ended. */
  readonly seconds?: number;
  readonly rows: readonly SeriesRow[];
}

/** What is read of a run that goes on. */
export interface CountedRun {
  readonly aggregate: Pick<Aggregate, 'totals'>;
  /** Number of the newest closed interval. */
  readonly interval: number;
  /** What the rates refer to now. */
  readonly seconds: number;
}

/** The series of a run that goes on. Does nothing until somebody asks. */
export class CountedRows {
  private revision = 0;
  private interval = -1;
  private deltas = -1;
  private totals: object | undefined;
  private counted: readonly CountedSeries[] = [];
  private rows: readonly SeriesRow[] = [];
  /** Of all rows. It stays between two intervals, so that all readers get the same rates. */
  private readonly span = { seconds: 1 };

  moment({ aggregate: { totals }, interval, seconds }: CountedRun): SeriesMoment {
    const isSame = totals === this.totals && totals.deltas === this.deltas && interval === this.interval;
    if (!isSame) {
      this.revision += 1;
      this.totals = totals;
      this.deltas = totals.deltas;
      this.interval = interval;
      this.span.seconds = seconds;
      const counted = totals.counted();
      if (counted !== this.counted) this.rows = counted.map((one) => new CountedRow(one, this.span));
      this.counted = counted;
    }
    return { revision: this.revision, interval, seconds: this.span.seconds, rows: this.rows };
  }
}

/** The series of a result, which no longer changes. */
export function resultMoment({ series, run }: RunResult): SeriesMoment {
  const rows = listResults(series)(() => true).map((one): SeriesRow => ({
    ...one,
    origin: one,
    gains: 0,
    listed: () => one,
  }));
  return { revision: 1, interval: Math.ceil(run.durationMs / 1_000), rows };
}

/** Reads the figures of a series where they are counted. */
class CountedRow implements SeriesRow {
  readonly id: string;
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly user: string;
  readonly tags: Readonly<Record<string, string>>;

  constructor(
    readonly origin: CountedSeries,
    private readonly span: { readonly seconds: number },
  ) {
    const names = namesOf(origin.key);
    this.id = names.id;
    this.protocol = names.protocol;
    this.method = names.method;
    this.name = names.name;
    this.user = names.user;
    this.tags = names.tags;
  }

  get gains(): number {
    return this.origin.tally.gains;
  }

  get requests(): number {
    return this.origin.tally.requests;
  }

  get failures(): number {
    return this.origin.tally.failures;
  }

  get rate(): number {
    return Math.round((this.requests / this.span.seconds) * 100) / 100;
  }

  get bytesSent(): number {
    return this.origin.tally.bytesSent;
  }

  get bytesReceived(): number {
    return this.origin.tally.bytesReceived;
  }

  get latencyMs(): SeriesRow['latencyMs'] {
    return this.origin.tally.latencyMs;
  }

  listed(): ListedSeries {
    const { key, tally } = this.origin;
    const [one] = seriesOf({ series: [{ key, ...tally.totals() }] }, this.span.seconds);
    return { id: this.id, ...one! };
  }
}
