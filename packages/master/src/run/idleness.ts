import { formatDuration, peakUsersOf, type Millis, type Plan } from '@drumline/model';
import type { TotalsSnapshot } from '@drumline/stats';

/** The facts that explain why a run measured nothing. */
interface IdleRun {
  readonly plan: Pick<Plan, 'load' | 'controller'>;
  /** Running users by second of the run. */
  readonly users: readonly number[];
  readonly elapsedMs: Millis;
  /** A reset discarded the seconds before this one. */
  readonly fromSecond: number;
}

/** Whether a run measured anything: a finished request, a check, a metric or an exception. */
export function measuredSomething({ series, checks, metrics, exceptions }: TotalsSnapshot): boolean {
  const timed = series.some(({ requests, interrupted }) => requests > interrupted);
  return timed || checks.length > 0 || metrics.length > 0 || exceptions.length > 0;
}

/** Explains why nothing was measured, in one or two sentences. */
export function whyNothing({ totals }: TotalsSnapshot, run: IdleRun): string {
  const lasted = formatDuration(run.elapsedMs);
  if (run.plan.controller?.kind !== 'shape' && run.plan.load.parts.every((part) => peakUsersOf(part) === 0))
    return 'Nothing was measured: the load profile has no users. Set `load` in the scenario, or pass --users.';
  const most = run.users.reduce((peak, users) => Math.max(peak, users), 0);
  if (totals.interrupted > 0)
    return `Nothing was measured: all ${totals.interrupted} requests were still in flight when the run ended after ${lasted}.`;
  if (run.fromSecond > 0)
    return `Nothing was measured after the statistics were reset at ${formatDuration(run.fromSecond * 1_000)}.`;
  if (most === 0)
    return `Nothing was measured: no user ran in ${lasted}. Either no lane could run users, or the run ended before the first one started.`;
  return `Nothing was measured: up to ${most} users ran for ${lasted}, but none finished a request or a check. Each was in \`onStart\`, in a wait or in an unfinished request, or the tasks measure nothing. Let the run last longer, or wrap calls of other clients in \`measure\`.`;
}
