import type { ComparableStatistic } from '@drumline/model';
import { decodeHistogram } from '../codec.js';
import { coarseBucketOf, highestOf, lowestOf } from '../layout.js';

/** The counts of a stretch of a run: of one series, or of all. */
export interface UnitCounts {
  /** Length of the stretch. */
  readonly seconds: number;
  readonly requests: number;
  readonly failures: number;
  /** Encoded histogram of response times in microseconds. */
  readonly latency: Uint8Array;
}

export type Statistic = ComparableStatistic;

/** A statistic as a ratio of two sums over the units: what each of them contributes. */
export interface Contributions {
  readonly parts: readonly number[];
  readonly wholes: readonly number[];
}

/** Parts of a run, in their order, that can be drawn again and again. */
export interface Resampled {
  /** Number of parts. */
  readonly size: number;
  readonly requests: number;
  /** Number of parts with requests. */
  readonly used: number;
  /**
   * The values of statistics: microseconds, a share, or requests per second. NaN if unknown.
   * @param weights how often each part counts
   */
  values(statistics: readonly Statistic[], weights: ArrayLike<number>): number[];
  /**
   * What each part contributes.
   * @param value of the statistic over all parts; used for quantiles only
   */
  contributions(statistic: Statistic, value: number): Contributions;
}

/**
 * The units of a run, in their order, prepared for resampling. Response times are rounded to two
 * significant digits, and interpolated.
 */
export class Sample implements Resampled {
  readonly size: number;
  readonly requests: number;
  readonly used: number;
  /** The used buckets, ascending, by their bounds in microseconds. */
  private readonly lows: number[] = [];
  private readonly highs: number[] = [];
  /** Of each unit, places in `lows` and counts. */
  private readonly places: Uint32Array[];
  private readonly counts: Float64Array[];
  /** Statistics that are ratios of sums. */
  private readonly ratios: Readonly<Record<Exclude<Statistic['kind'], 'quantile'>, Contributions>>;
  private readonly merged: Float64Array;

  constructor(units: readonly UnitCounts[]) {
    this.size = units.length;
    this.requests = sumOf(units.map(({ requests }) => requests));
    this.used = units.filter(({ requests }) => requests > 0).length;
    const histograms = units.map(({ latency }) => decodeHistogram(latency));
    const coarse = histograms.map((histogram) => {
      const counts = new Map<number, number>();
      histogram.forEachBucket((bucket, count) => {
        const group = coarseBucketOf(bucket);
        counts.set(group, (counts.get(group) ?? 0) + count);
      });
      return counts;
    });
    const groups = [...new Set(coarse.flatMap((counts) => [...counts.keys()]))].sort((a, b) => a - b);
    const placeOf = new Map(groups.map((group, place) => [group, place]));
    for (const group of groups) {
      this.lows.push(lowestOf(firstBucketOf(group)));
      this.highs.push(highestOf(group) + 1);
    }
    this.places = coarse.map((counts) => Uint32Array.from(counts.keys(), (group) => placeOf.get(group)!));
    this.counts = coarse.map((counts) => Float64Array.from(counts.values()));
    const requests = units.map((unit) => unit.requests);
    this.ratios = {
      rate: { parts: requests, wholes: units.map(({ seconds }) => seconds) },
      'error-rate': { parts: units.map(({ failures }) => failures), wholes: requests },
      mean: { parts: histograms.map(({ sum }) => sum), wholes: histograms.map(({ count }) => count) },
    };
    this.merged = new Float64Array(groups.length);
  }

  values(statistics: readonly Statistic[], weights: ArrayLike<number>): number[] {
    const total = statistics.some(({ kind }) => kind === 'quantile') ? this.merge(weights) : 0;
    return statistics.map((statistic) => {
      if (statistic.kind === 'quantile') return this.quantile(statistic.q * total);
      const { parts, wholes } = this.ratios[statistic.kind];
      let [part, whole] = [0, 0];
      for (let unit = 0; unit < this.size; unit += 1) {
        part += weights[unit]! * parts[unit]!;
        whole += weights[unit]! * wholes[unit]!;
      }
      return part / whole;
    });
  }

  contributions(statistic: Statistic, value: number): Contributions {
    if (statistic.kind !== 'quantile') return this.ratios[statistic.kind];
    return {
      parts: this.counts.map((counts, unit) => this.countAbove(value, counts, this.places[unit]!)),
      wholes: this.ratios.mean.wholes,
    };
  }

  private countAbove(value: number, counts: Float64Array, places: Uint32Array): number {
    let above = 0;
    for (let i = 0; i < counts.length; i += 1) {
      const [low, high] = [this.lows[places[i]!]!, this.highs[places[i]!]!];
      above += counts[i]! * Math.min(1, Math.max(0, (high - value) / (high - low)));
    }
    return above;
  }

  /** @returns the number of response times */
  private merge(weights: ArrayLike<number>): number {
    const { merged } = this;
    merged.fill(0);
    let total = 0;
    for (let unit = 0; unit < this.size; unit += 1) {
      const weight = weights[unit]!;
      if (weight === 0) continue;
      const places = this.places[unit]!;
      const counts = this.counts[unit]!;
      for (let i = 0; i < counts.length; i += 1) merged[places[i]!]! += weight * counts[i]!;
      total += weight * this.ratios.mean.wholes[unit]!;
    }
    return total;
  }

  private quantile(rank: number): number {
    const { merged } = this;
    let before = 0;
    for (let place = 0; place < merged.length; place += 1) {
      const count = merged[place]!;
      if (count > 0 && before + count >= rank) {
        const [low, high] = [this.lows[place]!, this.highs[place]!];
        return low + ((high - low) * (rank - before)) / count;
      }
      before += count;
    }
    return NaN;
  }
}

/** The first of the buckets that `coarseBucketOf` rounds to this one. */
function firstBucketOf(group: number): number {
  let first = group;
  while (first > 0 && coarseBucketOf(first - 1) === group) first -= 1;
  return first;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum;
}
