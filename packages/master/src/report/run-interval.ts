import type { Steps } from '@drumline/model';
import {
  SecondSum,
  summarize,
  summarizing,
  type GroupOf,
  type IntervalDelta,
  type SeriesTotals,
  type IntervalState,
} from '@drumline/stats';
import {
  countedInterval,
  countsOf,
  type CountedInterval,
  type IntervalSpan,
  type RunInterval,
  type TotalsResult,
} from '@drumline/wire';

/** What earlier seconds have gained after their intervals were handed out. */
export interface LateCounts {
  readonly deltas: readonly IntervalDelta[];
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

const userOf: GroupOf = ({ user }) => user;
const phaseOf: GroupOf = ({ tags }) => tags.find(([name]) => name === 'phase')?.[1];

/** An interval of a run as hooks receive it. @param deltas what was counted in it */
export function* runInterval(
  deltas: readonly IntervalDelta[],
  { state, late, thresholds, untrusted, ...span }: IntervalAbout,
): Steps<RunInterval> {
  const { snapshot, groups, untimed } = yield* summarizing(deltas, [userOf, phaseOf]);
  const [byUser, byPhase] = groups.map((group) => totalsByName(group, span.seconds));
  const counted = countedInterval(snapshot, span);
  const { users, plannedUsers, plannedRate, workers } = state;
  return {
    ...counted,
    ...(untimed > 0 && { coarse: true, totals: { ...counted.totals, latencyMs: timesOf(deltas) } }),
    users,
    plannedUsers,
    ...(plannedRate !== undefined && { plannedRate }),
    workers: { ...workers },
    byUser: byUser!,
    byPhase: byPhase!,
    thresholds,
    untrusted: [...untrusted],
    ...(late && { late: yield* lateInterval(late, span) }),
  };
}

function* lateInterval(
  { deltas, fromSecond, toSecond }: LateCounts,
  { runStartedAtMs }: IntervalSpan,
): Steps<CountedInterval> {
  const { snapshot } = yield* summarizing(deltas);
  return countedInterval(snapshot, { fromSecond, seconds: toSecond + 1 - fromSecond, runStartedAtMs });
}

/** The response times of all requests, also of those that series have in a later window. */
function timesOf(deltas: readonly IntervalDelta[]): TotalsResult['latencyMs'] {
  const sum = new SecondSum();
  for (const delta of deltas) sum.add(delta);
  return summarize(sum.latency);
}

function totalsByName(
  group: ReadonlyMap<string, SeriesTotals>,
  seconds: number,
): Record<string, TotalsResult> {
  return Object.fromEntries([...group].map(([name, totals]) => [name, countsOf(totals, seconds)]));
}
