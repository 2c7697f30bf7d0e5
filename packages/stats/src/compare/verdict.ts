import { changeBetween, type Interval } from './change.js';
import { isRelative, type Estimate } from './estimate.js';
import type { Statistic } from './sample.js';

/** `same` if the change is smaller than the margin, with the same confidence as the other two. */
export type ChangeVerdict = 'better' | 'worse' | 'same' | 'cannot-tell';

/** The change of a statistic between two runs, and what it means. */
export interface JudgedChange extends Interval {
  readonly before: number;
  readonly after: number;
  readonly verdict: ChangeVerdict;
  /** How many times as long both runs would have to be for another verdict than `cannot-tell`. */
  readonly timesAsLong?: number;
}

/** Changes below these do not matter to the user. */
export interface Margins {
  /** Of response times and rates: 0.05 is 5 %. */
  readonly ratio: number;
  /** Of error rates: 0.001 is 0.1 percentage points. */
  readonly errorRate: number;
}

/**
 * Judges the change of a statistic.
 * @param wrong probability of a wrong verdict
 */
export function judgeChange(
  statistic: Statistic,
  before: Estimate,
  after: Estimate,
  margins: Margins,
  wrong: number,
): JudgedChange {
  const relative = isRelative(statistic);
  const interval = changeBetween(before, after, relative ? 'ratio' : 'difference', wrong);
  const { change, low, high } = interval;
  const figures = { before: before.value, after: after.value, ...interval };
  const margin = relative ? margins.ratio : margins.errorRate;
  if (![change, low, high].every(Number.isFinite)) return { ...figures, verdict: 'cannot-tell' };
  if (low >= -margin && high <= margin) return { ...figures, verdict: 'same' };
  if (low > 0) return { ...figures, verdict: statistic.kind === 'rate' ? 'better' : 'worse' };
  if (high < 0) return { ...figures, verdict: statistic.kind === 'rate' ? 'worse' : 'better' };
  return { ...figures, verdict: 'cannot-tell', timesAsLong: timesAsLong(interval, margin) };
}

/**
 * An interval shrinks with the square root of the length. If the change is as observed, it must not
 * reach 0 (for better or worse), or stay within the margin (for same).
 */
function timesAsLong({ change, low, high }: Interval, margin: number): number {
  const reach = (high - low) / 2;
  const wanted = Math.max(Math.abs(change), margin - Math.abs(change));
  return (reach / wanted) ** 2;
}
