import { formatDuration, peakUsers, type Millis, type Plan } from '@drumline/model';
import type { TotalsSnapshot } from '@drumline/stats';

/** The facts that explain why a run measured nothing. */
interface IdleRun {
  readonly plan: Pick<Plan, 'load'>;
  /** Users that ran, by second of the run. */
  readonly users: readonly number[];
  readonly elapsedMs: Millis;
  /** A reset discarded the seconds before this one. */
  readonly fromSecond: number;
}

/** Whether a run measured anything: a request that ended, a check, a metric or an exception. */
export function measuredSomething({ series, checks, metrics, exceptions }: TotalsSnapshot): boolean {
  const timed = series.some(({ requests, interrupted }) => requests > interrupted);
  return timed || checks.length > 0 || metrics.length > 0 || exceptions.length > 0;
}

/** Why nothing was measured, as far as the master can tell: one or two sentences. */
export function whyNothing({ totals }: TotalsSnapshot, run: IdleRun): string {
  const lasted = formatDuration(run.elapsedMs);
  if (peakUsers(run.plan.load) === 0)
    return 'Nothing was measured: the load profile never has a user. Set `load` in the scenario, or give --users.';
  const most = run.users.reduce((peak, users) => Math.max(peak, users), 0);
  if (totals.interrupted > 0)
    return `Nothing was measured: all ${totals.interrupted} requests were still without an answer when the run ended after ${lasted}, and were cut off.`;
  if (run.fromSecond > 0)
    return `Nothing was measured after the statistics were reset at ${formatDuration(run.fromSecond * 1_000)}.`;
  if (most === 0)
    return `Nothing was measured: no user ever ran in ${lasted}. Either no lane was free to run them, or the run ended before the first one started.`;
  return `Nothing was measured: up to ${most} users ran for ${lasted}, but none finished a request or a check. Each was in \`onStart\`, in a wait or in an unfinished request, or the tasks measure nothing. Give the run more time, or wrap the calls of other clients in \`measure\`.`;
}
