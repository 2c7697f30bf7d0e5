import type { StatsView, StatusView, TimelineView, WorkerView } from '@drumline/wire';
import type { LiveModel } from '../../view/model.js';

const RATE_SECONDS = 60;

/** From which second on a snapshot needs the timeline. */
export function timelineFrom({ elapsedMs }: StatusView): number {
  return Math.max(0, Math.floor(elapsedMs / 1_000) - RATE_SECONDS);
}

/** What a run looks like at one instant, from the four views of its control. */
export function snapshotOf(
  status: StatusView,
  { current, totals, series, errors, checks, exceptions }: StatsView,
  workers: readonly WorkerView[],
  { points }: TimelineView,
): LiveModel {
  const counted = { current, totals, series, errors, checks, exceptions };
  // Of the second under way not all reports are in.
  const seconds = points.filter(({ at }) => at <= current.at);
  return { status, ...counted, workers, seconds };
}
