import type { Estimate } from './estimate.js';
import { studentQuantile } from './student.js';

/** By how much a statistic changed, with a confidence interval. NaN if unknown. */
export interface Interval {
  readonly change: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two estimates that were made independently. The degrees of freedom are those of
 * Welch (1947), because the runs may differ in length and noise.
 * @param wrong probability that the interval does not contain the difference
 * @param scale how a statistic is compared: `ratio` gives 0.1 for 10 % more
 */
export function changeBetween(
  before: Estimate,
  after: Estimate,
  scale: 'ratio' | 'difference',
  wrong: number,
): Interval {
  const variances = [before, after].map(({ error }) => error * error) as [number, number];
  const variance = variances[0] + variances[1];
  const freedom = [before, after].map(({ blocks }) => Math.max(1, blocks - 1)) as [number, number];
  const degrees = variance ** 2 / (variances[0] ** 2 / freedom[0] + variances[1] ** 2 / freedom[1]);
  const reach = variance === 0 ? 0 : studentQuantile(wrong, degrees) * Math.sqrt(variance);
  if (scale === 'difference') {
    const change = after.value - before.value;
    return { change, low: change - reach, high: change + reach };
  }
  const change = Math.log(after.value / before.value);
  return { change: Math.expm1(change), low: Math.expm1(change - reach), high: Math.expm1(change + reach) };
}
