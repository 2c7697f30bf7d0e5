import { SecondSum, summarize, Totals, type IntervalDelta } from '@drumline/stats';
import {
  countedInterval,
  countsOf,
  type IntervalSpan,
  type CountedInterval,
  type RunInterval,
  type TotalsResult,
} from '@drumline/wire';
import type { IntervalState } from '../intervals/interval.js';

/** What earlier seconds have gained after their intervals were handed out. */
export interface LateCounts {
  readonly totals: Totals;
  /** The first and the last of the seconds. */
  readonly fromSecond: number;
  readonly toSecond: number;
}

/** What is known of an interval beside its counts. */
export interface IntervalAbout extends IntervalSpan {
  readonly state: IntervalState;
  readonly late: LateCounts | undefined;
  readonly thresholds: RunInterval['thresholds'];
  /** Workers that were the bottleneck in it. */
  readonly untrusted: readonly string[];
}

/** An interval of a run as hooks receive it. @param deltas what was counted in it */
export function runInterval(
  deltas: readonly IntervalDelta[],
  { state, late, thresholds, untrusted, ...span }: IntervalAbout,
): RunInterval {
  const all = new Totals();
  for (const delta of deltas) all.add(delta);
  const counted = countedInterval(all.snapshot(), span);
  const { users, plannedUsers, plannedRate, workers } = state;
  const isCoarse = all.untimed > 0;
  return {
    ...counted,
    ...(isCoarse && { coarse: true, totals: { ...counted.totals, latencyMs: timesOf(deltas) } }),
    users,
    plannedUsers,
    ...(plannedRate !== undefined && { plannedRate }),
    workers: { ...workers },
    byUser: groupsOf(deltas, span.seconds, ({ user }) => user),
    byPhase: groupsOf(deltas, span.seconds, ({ tags }) => tags.find(([name]) => name === 'phase')?.[1]),
    thresholds,
    untrusted: [...untrusted],
    ...(late && { late: lateInterval(late, span) }),
  };
}

function lateInterval(
  { totals, fromSecond, toSecond }: LateCounts,
  { runStartedAtMs }: IntervalSpan,
): CountedInterval {
  const seconds = toSecond + 1 - fromSecond;
  return countedInterval(totals.snapshot(), { fromSecond, seconds, runStartedAtMs });
}

/** The response times of all requests, also of those that series have in a later window. */
function timesOf(deltas: readonly IntervalDelta[]): TotalsResult['latencyMs'] {
  const sum = new SecondSum();
  for (const delta of deltas) sum.add(delta);
  return summarize(sum.latency);
}

type Key = IntervalDelta['series'][number]['key'];

/** The requests of groups of series. @param groupOf undefined for series of no group */
function groupsOf(
  deltas: readonly IntervalDelta[],
  seconds: number,
  groupOf: (key: Key) => string | undefined,
): Record<string, TotalsResult> {
  const groups = new Map<string, Totals>();
  const groupFor = (key: Key): Totals | undefined => {
    const name = groupOf(key);
    if (name === undefined) return undefined;
    const known = groups.get(name);
    if (known) return known;
    const made = new Totals();
    groups.set(name, made);
    return made;
  };
  for (const { second, series, windows = [] } of deltas) {
    const none = { second, checks: [], metrics: [], exceptions: [] };
    for (const one of series) groupFor(one.key)?.add({ ...none, series: [one] });
    for (const one of windows) groupFor(one.key)?.add({ ...none, series: [], windows: [one] });
  }
  const named = [...groups].map(([name, one]) => [name, countsOf(one.snapshot().totals, seconds)] as const);
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
