import { seriesId } from '@drumline/model';
import { mergeEncoded } from './codec.js';
import type { ErrorDelta, IntervalDelta, SeriesDelta } from './delta.js';
import { StatsTally } from './stats-tally.js';
import { PhaseTally } from './phases.js';
import { addError } from './occurrences.js';

/**
 * Merges deltas, such as those of several lanes, into one for each second, ascending.
 * @param maxSeries the most series of each delta; further ones are counted together
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
  const tally = new StatsTally(maxSeries);
  if (series.size > maxSeries) {
    for (const delta of deltas) tally.add(delta);
    return tally.delta(first.second) ?? first;
  }
  // Series are merged as bytes, because decoded histograms take far more memory.
  for (const delta of deltas) tally.add({ ...delta, series: [] });
  const { second } = first;
  const rest = tally.delta(second) ?? { second, checks: [], metrics: [], exceptions: [] };
  const unlisted = tally.listed.unlisted.sketch();
  return { ...rest, series: [...series.values()].map(mergeSeries), ...(unlisted && { unlisted }) };
}

function mergeSeries(deltas: readonly [SeriesDelta, ...SeriesDelta[]]): SeriesDelta {
  const [first, ...others] = deltas;
  if (others.length === 0) return first;
  const { phases: _, ...sum } = first;
  const phases = new PhaseTally();
  const errors = new Map<string, ErrorDelta>();
  for (const delta of deltas) {
    if (delta.phases !== undefined) phases.add(delta.phases, delta.phases.requests, delta.phases.lateMs);
    for (const error of delta.errors) addError(errors, error);
  }
  for (const delta of others) {
    sum.requests += delta.requests;
    sum.failures += delta.failures;
    sum.interrupted += delta.interrupted;
    if (delta.resends !== undefined) sum.resends = (sum.resends ?? 0) + delta.resends;
    sum.bytesSent += delta.bytesSent;
    sum.bytesReceived += delta.bytesReceived;
    if (sum.service !== undefined || delta.service !== undefined)
      sum.service = mergeEncoded(sum.service ?? sum.latency, delta.service ?? delta.latency);
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
