// Coefficients of Peter Acklam's rational approximation of the inverse normal distribution.
const CENTER = [
  [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
    2.506628277459239,
  ],
  [
    -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
    -1.328068155288572e1, 1,
  ],
] as const;
const TAIL = [
  [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
] as const;
/** Below this probability, and above its complement, the approximation of the tails applies. */
const TAIL_PROBABILITY = 0.02425;

/**
 * The quantile of the standard normal distribution, with a relative error below 1.2e-9.
 * @param probability 0 to 1; the ends give the largest values that doubles between them give
 */
export function normalQuantile(probability: number): number {
  const p = Math.min(1 - Number.EPSILON / 2, Math.max(Number.MIN_VALUE, probability));
  if (p < TAIL_PROBABILITY) return ratio(TAIL, Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - TAIL_PROBABILITY) return -ratio(TAIL, Math.sqrt(-2 * Math.log1p(-p)));
  const q = p - 0.5;
  return q * ratio(CENTER, q * q);
}

function ratio([over, under]: readonly [readonly number[], readonly number[]], x: number): number {
  return polynomial(over, x) / polynomial(under, x);
}

/** @param coefficients the highest power first */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
