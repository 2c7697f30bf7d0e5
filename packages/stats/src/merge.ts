import { seriesId } from '@drumline/model';
import { mergeEncoded } from './codec.js';
import type { ErrorDelta, IntervalDelta, SeriesDelta } from './delta.js';
import { Ledger } from './ledger.js';
import { PhaseTally } from './phases.js';
import { addError } from './sightings.js';

/**
 * One delta for each second out of any number: those of several lanes, or of a report and its forerunners. Ascending.
 * @param maxSeries of each; those beyond are counted together
 */
export function mergeDeltas(deltas: readonly IntervalDelta[], maxSeries = Infinity): IntervalDelta[] {
  const bySecond = grouped(deltas, ({ second }) => second);
  return [...bySecond.values()]
    .map((same) => mergeSecond(same, maxSeries))
    .sort((a, b) => a.second - b.second);
}

function mergeSecond(deltas: readonly [IntervalDelta, ...IntervalDelta[]], maxSeries: number): IntervalDelta {
  const [first, ...others] = deltas;
  if (others.length === 0) return first;
  const all = deltas.flatMap(({ series }) => series);
  const series = grouped(all, ({ key }) => seriesId(key));
  const ledger = new Ledger(maxSeries);
  if (series.size > maxSeries) {
    for (const delta of deltas) ledger.add(delta);
    return ledger.delta(first.second) ?? first;
  }
  // For series a ledger makes room for every response time between the shortest and the longest, to fill a few.
  for (const delta of deltas) ledger.add({ ...delta, series: [] });
  const { second } = first;
  const rest = ledger.delta(second) ?? { second, checks: [], metrics: [], exceptions: [] };
  const unlisted = ledger.unlisted.sketch();
  return { ...rest, series: [...series.values()].map(mergeSeries), ...(unlisted && { unlisted }) };
}

function mergeSeries(deltas: readonly [SeriesDelta, ...SeriesDelta[]]): SeriesDelta {
  const [first, ...others] = deltas;
  if (others.length === 0) return first;
  const { phases: _, ...sum } = first;
  const phases = new PhaseTally();
  const errors = new Map<string, ErrorDelta>();
  for (const delta of deltas) {
    if (delta.phases !== undefined) phases.add(delta.phases, delta.phases.requests);
    for (const error of delta.errors) addError(errors, error);
  }
  for (const delta of others) {
    sum.requests += delta.requests;
    sum.failures += delta.failures;
    sum.interrupted += delta.interrupted;
    if (delta.resends !== undefined) sum.resends = (sum.resends ?? 0) + delta.resends;
    sum.bytesSent += delta.bytesSent;
    sum.bytesReceived += delta.bytesReceived;
    sum.latency = mergeEncoded(sum.latency, delta.latency);
  }
  const phasesSum = phases.delta();
  return { ...sum, ...(phasesSum && { phases: phasesSum }), errors: [...errors.values()] };
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
