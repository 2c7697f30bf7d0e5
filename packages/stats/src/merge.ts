import type { IntervalDelta } from './delta.js';
import { Ledger } from './ledger.js';

/**
 * One delta for each second out of any number: those of several lanes, or of a report and its forerunners. Ascending.
 * @param maxSeries of each; those beyond are counted together
 */
export function mergeDeltas(deltas: readonly IntervalDelta[], maxSeries = Infinity): IntervalDelta[] {
  const bySecond = new Map<number, IntervalDelta[]>();
  for (const delta of deltas) {
    const same = bySecond.get(delta.second);
    if (same === undefined) bySecond.set(delta.second, [delta]);
    else same.push(delta);
  }
  return [...bySecond.values()]
    .map((same) => mergeSecond(same, maxSeries))
    .sort((a, b) => a.second - b.second);
}

function mergeSecond(deltas: readonly IntervalDelta[], maxSeries: number): IntervalDelta {
  const first = deltas[0]!;
  if (deltas.length === 1) return first;
  const ledger = new Ledger(maxSeries);
  for (const delta of deltas) ledger.add(delta);
  return ledger.delta(first.second) ?? first;
}
