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
  { current, totals, series, errors }: StatsView,
  workers: readonly WorkerView[],
  { points }: TimelineView,
): LiveModel {
  return { status, current, totals, series, errors, workers, rates: points.map(({ requests }) => requests) };
}
