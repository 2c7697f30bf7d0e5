import { formatLoadRate } from '@drumline/model';
import { formatClock, formatCount, formatLatency as latency, formatPercent, formatRate } from './format.js';
import type { LiveModel } from './model.js';
import { describeOutput, isFailing } from './outputs.js';
import { sumOfStarts } from './schedule.js';
import { describeException } from './summary-parts.js';
import { oneLine } from './text.js';

/** The state of a run in one line, for logs and pipes, without colors or a line break. */
export function renderPlain({ status, current, totals, schedule }: LiveModel): string {
  const planned = status.plannedMs === null ? '' : `/${formatClock(status.plannedMs)}`;
  const every = status.quantilesEverySeconds;
  const { connected, expected, missing } = status.workers;
  return [
    `${formatClock(status.elapsedMs)}${planned}`,
    status.paused ? 'paused' : oneLine(status.state),
    `users ${usersText(status)}`,
    ...startsText(status, current, schedule),
    `rate ${formatRate(current.requests)}`,
    `failures ${formatCount(totals.failures)} (${formatPercent(totals.failures, totals.requests)})`,
    ...failedElsewhere(status.failed),
    `p50 ${latency(current, current.p50Ms)} p95 ${latency(current, current.p95Ms)} p99 ${latency(current, current.p99Ms)}`,
    ...(every > 1 ? [`quantiles of series every ${every}s`] : []),
    `workers ${connected}/${Math.max(connected + missing, expected)}`,
    ...(status.outputs ?? []).filter(isFailing).map((output) => `output ${describeOutput(output)}`),
    ...(status.waitingFor === undefined ? [] : [`waiting for ${oneLine(status.waitingFor)}`]),
  ].join(' ');
}

/** `480/500`, or only the users if none are planned: with a rate, and while the run stops. */
function usersText({ users, plannedUsers }: LiveModel['status']): string {
  return plannedUsers === 0 ? formatCount(users) : `${formatCount(users)}/${formatCount(plannedUsers)}`;
}

/** The rate of arrivals and iterations, and those that were not started in time, if any. */
function startsText(
  { plannedRate }: LiveModel['status'],
  { starts }: LiveModel['current'],
  schedule: LiveModel['schedule'],
): string[] {
  const { late, dropped } = sumOfStarts(schedule);
  return [
    ...(plannedRate === undefined
      ? []
      : [`starts ${formatRate(starts?.started ?? 0)} of ${formatLoadRate(plannedRate)}`]),
    ...(dropped > 0 ? [`dropped ${formatCount(dropped)}`] : []),
    ...(late > 0 ? [`late ${formatCount(late)}`] : []),
  ];
}

/** Failed checks and exceptions, if any. Neither counts as a failed request. */
function failedElsewhere({ checks, exceptions, newestException }: LiveModel['status']['failed']): string[] {
  const newest = newestException ? ` (newest: ${describeException(newestException)})` : '';
  return [
    ...(checks > 0 ? [`failed checks ${formatCount(checks)}`] : []),
    ...(exceptions > 0 ? [`exceptions ${formatCount(exceptions)}${newest}`] : []),
  ];
}
