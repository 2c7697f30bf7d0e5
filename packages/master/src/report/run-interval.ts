import type { Steps } from '@drumline/model';
import {
  latencyOf,
  summarize,
  summarizing,
  type GroupOf,
  type IntervalDelta,
  type LateCounts,
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
    ...(untimed > 0 && {
      coarse: true,
      totals: { ...counted.totals, latencyMs: summarize(latencyOf(deltas)) },
    }),
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

function totalsByName(
  group: ReadonlyMap<string, SeriesTotals>,
  seconds: number,
): Record<string, TotalsResult> {
  return Object.fromEntries([...group].map(([name, totals]) => [name, countsOf(totals, seconds)]));
}
