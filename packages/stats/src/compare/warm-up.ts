/** Values that are averaged before the search, which makes it insensitive to single ones. */
const BATCH = 5;

/** Fewer averages do not show a trend. */
const FEWEST = 6;
/** Shorter standard errors than this share may be chance. */
const CHANCE = 0.7;
/** A minimum near the middle means that the values go on changing. */
const NEAR_MIDDLE = 0.9;

/**
 * How many values at the start differ from the rest: the truncation that gives the mean of the rest
 * the smallest standard error. This is MSER-5 (White, Cobb and Spratt, Winter Simulation Conference
 * 2000), which searches the first half only. Undefined if the values never become steady.
 */
export function warmUpLength(values: readonly number[]): number | undefined {
  const means: number[] = [];
  for (let at = 0; at + BATCH <= values.length; at += BATCH)
    means.push(values.slice(at, at + BATCH).reduce((sum, value) => sum + value, 0) / BATCH);
  if (means.length < FEWEST) return 0;
  let [sum, squares, count] = [0, 0, 0];
  const errors: number[] = [];
  for (let at = means.length - 1; at >= 0; at -= 1) {
    sum += means[at]!;
    squares += means[at]! ** 2;
    count += 1;
    errors[at] = Math.max(0, squares / count - (sum / count) ** 2) / count;
  }
  const half = Math.floor(means.length / 2);
  const best = errors
    .slice(0, half + 1)
    .reduce((lowest, error, at) => (error < errors[lowest]! ? at : lowest), 0);
  if (errors[best]! > CHANCE * errors[0]!) return 0;
  return best > NEAR_MIDDLE * half ? undefined : best * BATCH;
}
