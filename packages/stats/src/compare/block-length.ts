/**
 * The block length for a series of values that depend on their neighbors, in values. Rule of
 * Politis and White (Econometric Reviews 23, 2004), with the correction of Patton, Politis and
 * White (2009), for circular blocks. It finds out how far the autocorrelation reaches, and weighs
 * bias against variance. 1 for values that do not depend on each other.
 */
export function blockLength(values: readonly number[]): number {
  const n = values.length;
  if (n < 4) return 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const centered = values.map((value) => value - mean);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i += 1) sum += centered[i]! * centered[i - lag]!;
    return sum / n;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return 1;
  const inARow = Math.max(5, Math.ceil(Math.log10(n)));
  const farthest = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + inARow);
  const covariances = Array.from({ length: farthest + 1 }, (_, lag) => covariance(lag));
  const negligible = 2 * Math.sqrt(Math.log10(n) / n) * variance;
  const reach = Math.min(farthest, 2 * Math.max(1, lastLag(covariances, negligible, inARow)));
  let [slope, spectrum] = [0, variance];
  for (let lag = 1; lag <= reach; lag += 1) {
    const weighted = 2 * flatTop(lag / reach) * covariances[lag]!;
    slope += weighted * lag;
    spectrum += weighted;
  }
  const length = ((1.5 * slope * slope) / (spectrum * spectrum)) ** (1 / 3) * n ** (1 / 3);
  const longest = Math.min(3 * Math.sqrt(n), n / 3);
  return Math.max(1, Math.round(Math.min(Number.isFinite(length) ? length : longest, longest)));
}

/** The last lag before `inARow` negligible ones. */
function lastLag(covariances: readonly number[], negligible: number, inARow: number): number {
  let run = 0;
  for (let lag = 1; lag < covariances.length; lag += 1) {
    run = Math.abs(covariances[lag]!) < negligible ? run + 1 : 0;
    if (run === inARow) return lag - inARow;
  }
  return covariances.findLastIndex((value, lag) => lag > 0 && Math.abs(value) >= negligible);
}

/** The lag window of Politis and Romano (1995): 1 up to the middle, then linearly down to 0. */
function flatTop(share: number): number {
  return share <= 0.5 ? 1 : Math.max(0, 2 * (1 - share));
}
