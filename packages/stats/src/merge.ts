import { seriesId } from '@drumline/model';
import { mergeEncoded } from './codec.js';
import type { ErrorDelta, IntervalDelta, SeriesDelta } from './delta.js';
import { StatsTally } from './stats-tally.js';
import { PhaseTally } from './phases.js';
import { addTimes, mergeWindows } from './windows.js';
import { addError } from './occurrences.js';
import { StatusTally } from './statuses.js';

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
  const times = mergeTimes(deltas);
  const { second } = first;
  const nothing = { second, checks: [], metrics: [], exceptions: [] };
  if (series.size > maxSeries) {
    for (const delta of deltas) tally.add({ ...delta, windows: [] });
    return { ...nothing, series: [], ...tally.delta(second), ...times };
  }
  // Series are merged as bytes, because decoded histograms take far more memory.
  for (const delta of deltas) tally.add({ ...delta, series: [], windows: [] });
  const rest = tally.delta(second) ?? nothing;
  const unlisted = tally.listed.unlisted.sketch();
  const merged = [...series.values()].map(mergeSeries);
  return { ...rest, series: merged, ...(unlisted && { unlisted }), ...times };
}

/** Merges the response times that are not in the series. */
function mergeTimes(deltas: readonly IntervalDelta[]): Pick<IntervalDelta, 'coarseLatency' | 'windows'> {
  const coarse = deltas.flatMap(({ coarseLatency }) => coarseLatency ?? []);
  const windows = mergeWindows(deltas.flatMap((delta) => delta.windows ?? []));
  return {
    ...(coarse.length > 0 && { coarseLatency: coarse.reduce(mergeEncoded) }),
    ...(windows.length > 0 && { windows }),
  };
}

/** Adds the windows of a delta to its series, for intervals that no window crosses. */
export function withWindows(delta: IntervalDelta): IntervalDelta {
  const { windows = [], coarseLatency: _, ...rest } = delta;
  const counts = { requests: 0, failures: 0, interrupted: 0, bytesSent: 0, bytesReceived: 0, errors: [] };
  const series = windows.map(({ fromSecond: _from, ...times }) => ({ ...counts, ...times }));
  if (series.length === 0) return rest;
  const { second } = delta;
  return mergeDeltas([rest, { second, series, checks: [], metrics: [], exceptions: [] }])[0]!;
}

function mergeSeries(deltas: readonly [SeriesDelta, ...SeriesDelta[]]): SeriesDelta {
  const [first, ...others] = deltas;
  if (others.length === 0) return first;
  const { phases: _, statuses: _statuses, ...sum } = first;
  const phases = new PhaseTally();
  const statuses = new StatusTally();
  const errors = new Map<string, ErrorDelta>();
  for (const delta of deltas) {
    if (delta.phases !== undefined) phases.add(delta.phases, delta.phases.requests, delta.phases.lateMs);
    if (delta.statuses !== undefined) statuses.addAll(delta.statuses);
    for (const error of delta.errors) addError(errors, error);
  }
  for (const delta of others) {
    sum.requests += delta.requests;
    sum.failures += delta.failures;
    sum.interrupted += delta.interrupted;
    if (delta.resends !== undefined) sum.resends = (sum.resends ?? 0) + delta.resends;
    sum.bytesSent += delta.bytesSent;
    sum.bytesReceived += delta.bytesReceived;
    addTimes(sum, delta);
  }
  const phasesSum = phases.delta();
  const counts = statuses.delta();
  return {
    ...sum,
    ...(phasesSum && { phases: phasesSum }),
    ...(counts && { statuses: counts }),
    errors: [...errors.values()],
  };
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
