import { formatDuration, profileDurationMs, type LoadProfile } from '@drumline/model';

/** `after 12s of 2m: 10 % of the plan ran`, or `after 12s` if the plan has no end. */
export function howFar(runMs: number, load: LoadProfile): string {
  const plannedMs = profileDurationMs(load);
  if (plannedMs === null) return `after ${formatDuration(runMs)}`;
  const share = Math.min(100, Math.floor((100 * runMs) / Math.max(1, plannedMs)));
  return `after ${formatDuration(runMs)} of ${formatDuration(plannedMs)}: ${share} % of the plan ran`;
}
