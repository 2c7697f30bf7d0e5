import { seriesId, timesParts, type SeriesKey, type Steps } from '@drumline/model';
import type { ErrorDelta, IntervalDelta, SeriesDelta, WindowDelta } from './delta.js';
import type { Histogram } from './histogram.js';
import { addError } from './occurrences.js';
import { SecondSum } from './second-sum.js';
import { Tally, type SeriesTotals } from './tally.js';
import { compareKeys, sortErrors, Totals, type TotalsSnapshot } from './totals.js';

/** Names the group of a series; undefined if it is in none. */
export type GroupOf = (key: SeriesKey) => string | undefined;

/** What deltas contain in all. */
export interface DeltaSummary {
  readonly snapshot: TotalsSnapshot;
  /** The requests of each group of series, for each way to group them, sorted by name. */
  readonly groups: readonly ReadonlyMap<string, SeriesTotals>[];
  /** The number of requests whose response times have not arrived. */
  readonly untimed: number;
}

/**
 * Receives the response times of each series, in the order of the snapshot. They are valid during
 * the call.
 */
type VisitTimes = (latency: Histogram, key: SeriesKey) => void;

interface CountsOfSeries {
  readonly key: SeriesKey;
  readonly deltas: SeriesDelta[];
  readonly windows: WindowDelta[];
}

/** Series in a step. They take a millisecond or two. */
const SERIES_PER_STEP = 50;

/**
 * Summarizes deltas, which may be of several seconds. The same as `Totals`, but one histogram
 * serves all series, one after the other. One for each would cost more than everything else.
 */
export function* summarizing(
  deltas: readonly IntervalDelta[],
  groupings: readonly GroupOf[] = [],
  visitTimes?: VisitTimes,
): Steps<DeltaSummary> {
  const rest = new Totals();
  for (const delta of deltas) rest.add(withoutSeries(delta));
  const all = new Tally();
  const grouped = groupings.map((groupOf) => ({ groupOf, tallies: new Map<string, Tally>() }));
  const one = new Tally();
  const series: TotalsSnapshot['series'] = [];
  const errors: TotalsSnapshot['errors'] = [];
  const listed = bySeries(deltas);
  yield;
  for (const [index, { key, deltas: own, windows }] of listed.entries()) {
    const tallies = grouped.flatMap(({ groupOf, tallies: known }) => tallyOf(known, groupOf(key)));
    if (!timesParts(key)) tallies.push(all);
    one.reset();
    tallies.push(one);
    for (const tally of tallies) {
      for (const delta of own) tally.add(delta);
      for (const window of windows) tally.addTimes(window);
    }
    series.push({ key, ...one.totals() });
    visitTimes?.(one.latency, key);
    errors.push(...errorsOf(key, own));
    if (index % SERIES_PER_STEP === SERIES_PER_STEP - 1) yield;
  }
  return {
    snapshot: { ...rest.snapshot(), totals: all.totals(), series, errors },
    groups: grouped.map(({ tallies }) => totalsOf(tallies)),
    untimed: all.requests - all.interrupted - all.latency.count,
  };
}

/** The response times of all requests, also of those that series have in a later window. */
export function latencyOf(deltas: readonly IntervalDelta[]): Histogram {
  const sum = new SecondSum();
  for (const delta of deltas) sum.add(delta);
  return sum.latency;
}

function withoutSeries(delta: IntervalDelta): IntervalDelta {
  return { ...delta, series: [], windows: [] };
}

/** In the order of reports. */
function bySeries(deltas: readonly IntervalDelta[]): CountsOfSeries[] {
  const known = new Map<string, CountsOfSeries>();
  const of = (key: SeriesKey): CountsOfSeries => {
    const id = seriesId(key);
    let counts = known.get(id);
    if (!counts) known.set(id, (counts = { key, deltas: [], windows: [] }));
    return counts;
  };
  for (const { series, windows = [] } of deltas) {
    for (const delta of series) of(delta.key).deltas.push(delta);
    for (const window of windows) of(window.key).windows.push(window);
  }
  return [...known.values()].sort((a, b) => compareKeys(a.key, b.key));
}

function errorsOf(key: SeriesKey, deltas: readonly SeriesDelta[]): TotalsSnapshot['errors'] {
  const errors = new Map<string, ErrorDelta>();
  for (const delta of deltas) for (const error of delta.errors) addError(errors, error);
  return sortErrors(key, errors);
}

function tallyOf(tallies: Map<string, Tally>, name: string | undefined): Tally[] {
  if (name === undefined) return [];
  let tally = tallies.get(name);
  if (!tally) tallies.set(name, (tally = new Tally()));
  return [tally];
}

function totalsOf(tallies: ReadonlyMap<string, Tally>): ReadonlyMap<string, SeriesTotals> {
  const named = [...tallies].map(([name, tally]) => [name, tally.totals()] as const);
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
