import type { StatsView, StatusView, TimelineView, WorkerView } from '@drumline/wire';
import type { LiveModel } from '../../view/model.js';

const RATE_SECONDS = 60;

/** The first second of the timeline that a snapshot needs. */
export function timelineFrom({ elapsedMs }: StatusView): number {
  return Math.max(0, Math.floor(elapsedMs / 1_000) - RATE_SECONDS);
}

/** Combines four views of the control API to a snapshot of the run. */
export function snapshotOf(
  status: StatusView,
  { current, totals, series, errors, checks, exceptions, schedule }: StatsView,
  workers: readonly WorkerView[],
  { points }: TimelineView,
): LiveModel {
  const counted = { current, totals, series, errors, checks, exceptions, schedule };
  // Reports for the current second are still missing.
  const seconds = points.filter(({ at }) => at <= current.at);
  return { status, ...counted, workers, seconds };
}
