import { formatDuration, loadEndMs, type Load } from '@drumline/model';

/** `after 12s of 2m: 10 % of the plan ran`, or `after 12s` if the plan has no end. */
export function howFar(runMs: number, load: Load): string {
  const plannedMs = loadEndMs(load);
  if (plannedMs === null) return `after ${formatDuration(runMs)}`;
  const share = Math.min(100, Math.floor((100 * runMs) / Math.max(1, plannedMs)));
  return `after ${formatDuration(runMs)} of ${formatDuration(plannedMs)}: ${share} % of the plan ran`;
}
