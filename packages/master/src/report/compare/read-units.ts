import { seriesId, timesParts, type SeriesKey } from '@drumline/model';
import {
  encodeHistogram,
  Histogram,
  mergeEncoded,
  roundHistogram,
  withWindows,
  type IntervalDelta,
  type RunHistory,
  type UnitCounts,
} from '@drumline/stats';
import type { Window } from './window.js';

/** Most units of all requests, and of each series. More would take time without use. */
const MOST_UNITS = { all: 600, series: 120 };

/** The counts of the compared seconds, in units of equal length. */
export interface RunUnits {
  readonly all: readonly UnitCounts[];
  readonly series: ReadonlyMap<string, SeriesUnits>;
  /** Units of a series in which it counted nothing. */
  readonly empty: readonly UnitCounts[];
  /**
   * The requests of each status by its code: `requests` are all requests of the unit, and
   * `failures` those with the status. Without response times.
   */
  readonly statuses: ReadonlyMap<number, readonly UnitCounts[]>;
  /** The same of a status that no response has. */
  readonly noStatus: readonly UnitCounts[];
}

interface SeriesUnits {
  readonly key: SeriesKey;
  readonly units: readonly UnitCounts[];
}

/** Reads the counts of the compared seconds. */
export function readUnits(history: RunHistory, window: Window): RunUnits {
  const all = new Units(window, 1, MOST_UNITS.all);
  const ofSeries = new Units(window, history.tierSeconds ?? 1, MOST_UNITS.series);
  const totals = all.create();
  const series = new Map<string, { key: SeriesKey; units: Unit[] }>();
  const requests = ofSeries.create();
  const statuses = new Map<number, Unit[]>();
  const addStatuses = (unit: number, delta: IntervalDelta): void => {
    for (const counts of delta.series) {
      if (timesParts(counts.key)) continue;
      requests[unit]!.count(counts.requests, 0);
      for (const [code, responses] of counts.statuses ?? []) {
        const mine = statuses.get(code) ?? ofSeries.create();
        statuses.set(code, mine);
        mine[unit]!.count(0, responses);
      }
    }
  };
  const addSeries = (delta: IntervalDelta): void => {
    const unit = ofSeries.at(delta.second);
    if (unit === undefined) return;
    addStatuses(unit, delta);
    // Windows of response times are not longer than a unit.
    for (const counts of withWindows(delta).series) {
      const id = seriesId(counts.key);
      const mine = series.get(id) ?? { key: counts.key, units: ofSeries.create() };
      series.set(id, mine);
      mine.units[unit]!.add(counts);
    }
  };
  let tieredUntil = 0;
  for (const tier of history.tiers()) {
    addSeries(tier);
    tieredUntil = tier.second + history.tierSeconds!;
  }
  for (const { second, sum, delta } of history.seconds()) {
    const { requests, failures } = sum;
    const unit = all.at(second);
    if (unit !== undefined) totals[unit]!.add({ requests, failures, latency: encodeHistogram(sum.latency) });
    if (delta && second >= tieredUntil) addSeries(delta);
  }
  const noStatus = ofSeries.counted(requests);
  return {
    all: all.counted(totals),
    series: new Map([...series].map(([id, { key, units }]) => [id, { key, units: ofSeries.counted(units) }])),
    empty: ofSeries.counted(ofSeries.create()),
    statuses: new Map(
      [...statuses].map(([code, units]) => [code, sharesOf(noStatus, ofSeries.counted(units))]),
    ),
    noStatus,
  };
}

/** The units of a status, each with all requests of its time. */
function sharesOf(all: readonly UnitCounts[], ofStatus: readonly UnitCounts[]): UnitCounts[] {
  return ofStatus.map((unit, index) => ({ ...unit, requests: all[index]!.requests }));
}

/** Divides a window into units of equal length. */
class Units {
  private readonly from: number;
  private readonly length: number;
  private readonly number: number;
  /** Steps with an untrusted second. */
  private readonly untrusted: ReadonlySet<number>;

  /** @param step units begin at multiples of it, and are as long as one or several of it */
  constructor(
    window: Window,
    private readonly step: number,
    most: number,
  ) {
    this.from = Math.ceil(window.fromSecond / step) * step;
    const steps = Math.max(0, Math.floor((window.toSecond - this.from) / step));
    this.length = step * Math.max(1, Math.ceil(steps / most));
    this.number = Math.floor((steps * step) / this.length);
    this.untrusted = new Set([...window.untrusted].map((second) => this.stepOf(second)));
  }

  /** The unit of a second, or of the step that begins with it; undefined if it is not compared. */
  at(second: number): number | undefined {
    const unit = Math.floor((second - this.from) / this.length);
    if (unit < 0 || unit >= this.number) return undefined;
    return this.isTrusted(second) ? unit : undefined;
  }

  create(): Unit[] {
    return Array.from({ length: this.number }, () => new Unit());
  }

  /** The units with their lengths, without those that have no trusted second. */
  counted(units: readonly Unit[]): UnitCounts[] {
    return units.flatMap((unit, index) => {
      const seconds = this.trustedSeconds(index);
      return seconds === 0 ? [] : [unit.counts(seconds)];
    });
  }

  private trustedSeconds(index: number): number {
    const start = this.from + index * this.length;
    let seconds = 0;
    for (let at = start; at < start + this.length; at += this.step)
      if (this.isTrusted(at)) seconds += this.step;
    return seconds;
  }

  /** Whether all seconds of the step that contains this one are trusted. */
  private isTrusted(second: number): boolean {
    return !this.untrusted.has(this.stepOf(second));
  }

  private stepOf(second: number): number {
    return Math.floor((second - this.from) / this.step);
  }
}

/** Sums the counts of a unit. */
class Unit {
  private requests = 0;
  private failures = 0;
  private latency = EMPTY;

  count(requests: number, failures: number): void {
    this.requests += requests;
    this.failures += failures;
  }

  add({ requests, failures, latency }: Pick<UnitCounts, 'requests' | 'failures' | 'latency'>): void {
    this.count(requests, failures);
    this.latency = mergeEncoded(this.latency, roundHistogram(latency));
  }

  counts(seconds: number): UnitCounts {
    const { requests, failures, latency } = this;
    return { seconds, requests, failures, latency };
  }
}

const EMPTY = encodeHistogram(new Histogram());
