import { blockLength } from './block-length.js';
import { drawBlocks } from './block-weights.js';
import type { Resampled, Statistic } from './sample.js';

/** A statistic of one run, with its uncertainty. */
export interface Estimate {
  readonly value: number;
  /** Standard error: of the logarithm, or of the value itself for an error rate. */
  readonly error: number;
  /** Number of blocks that count as independent. */
  readonly blocks: number;
}

/** With fewer units that have requests, the spread cannot be estimated. */
export const MIN_UNITS = 8;

/** Whether differences of a statistic are ratios. Error rates may be 0, and are subtracted. */
export function isRelative({ kind }: Statistic): boolean {
  return kind !== 'error-rate';
}

/**
 * Estimates statistics of a run by a block bootstrap. Each statistic has its own block length,
 * because its values may depend on their neighbors more or less.
 * @param sample with requests in at least `MIN_UNITS` units
 * @param random numbers from 0 to 1
 */
export function estimate(
  sample: Resampled,
  statistics: readonly Statistic[],
  random: () => number,
  resamples: number,
): Estimate[] {
  const once = new Uint32Array(sample.size).fill(1);
  const values = sample.values(statistics, once);
  const lengths = statistics.map((statistic, i) =>
    lengthFor(sample.size, influences(sample, statistic, values[i]!)),
  );
  const spreads = statistics.map(() => new Spread());
  const weights = new Uint32Array(sample.size);
  for (const length of new Set(lengths)) {
    const mine = statistics.flatMap((_, i) => (lengths[i] === length ? [i] : []));
    const drawn = mine.map((i) => statistics[i]!);
    for (let round = 0; round < resamples; round += 1) {
      drawBlocks(weights, length, random);
      sample.values(drawn, weights).forEach((value, k) => {
        const i = mine[k]!;
        spreads[i]!.add(isRelative(statistics[i]!) ? Math.log(value) : value);
      });
    }
  }
  return statistics.map((_, i) => {
    const blocks = sample.size / lengths[i]!;
    // The variance of few blocks comes out too small, like one that divides by n instead of n - 1.
    return { value: values[i]!, error: spreads[i]!.deviation * Math.sqrt(blocks / (blocks - 1)), blocks };
  });
}

/**
 * Blocks longer than their dependence requires make an interval a little wider. Blocks that are too
 * short make it far too narrow, and short runs do not show how far the dependence reaches.
 */
const MOST_BLOCKS = 8;
const FEWEST_BLOCKS = 4;

function lengthFor(size: number, values: readonly number[]): number {
  const wanted = Math.max(Math.ceil(size / MOST_BLOCKS), blockLength(values));
  return Math.max(1, Math.min(wanted, Math.floor(size / FEWEST_BLOCKS)));
}

/** By how much each unit moves the statistic, but for a constant factor. */
function influences(sample: Resampled, statistic: Statistic, value: number): number[] {
  const { parts, wholes } = sample.contributions(statistic, value);
  const ratio = parts.reduce((sum, part) => sum + part, 0) / wholes.reduce((sum, whole) => sum + whole, 0);
  return parts.map((part, unit) => part - ratio * wholes[unit]!);
}

/** Standard deviation of values that arrive one by one (Welford). Skips NaN and infinity. */
class Spread {
  private count = 0;
  private mean = 0;
  private squares = 0;

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.count += 1;
    const off = value - this.mean;
    this.mean += off / this.count;
    this.squares += off * (value - this.mean);
  }

  get deviation(): number {
    return this.count < 2 ? 0 : Math.sqrt(this.squares / (this.count - 1));
  }
}
