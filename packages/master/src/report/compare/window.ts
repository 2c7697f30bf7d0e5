import { warmUpLength } from '@drumline/stats';
import type { RunResult, TimelinePoint } from '@drumline/wire';

/** The seconds of a run that are compared. */
export interface Window {
  readonly fromSecond: number;
  /** Not included. */
  readonly toSecond: number;
  /** Whether load and response times are steady in it. */
  readonly isSteady: boolean;
  /** Seconds in which the load generator was the bottleneck. They are left out. */
  readonly untrusted: ReadonlySet<number>;
  /** The points of the seconds that are compared. */
  readonly points: readonly TimelinePoint[];
}

/**
 * Chooses the seconds to compare: without the warm-up, the end, and untrusted seconds.
 * @param skipSeconds length of the warm-up; undefined to detect it
 */
export function windowOf(result: RunResult, skipSeconds: number | undefined): Window {
  // The last second is cut short by the end of the run.
  const points = result.timeline.slice(0, -1);
  const first = points[0] ? secondOf(result, points[0]) : 0;
  const start = skipSeconds === undefined ? warmUpIn(points) : Math.max(0, skipSeconds - first);
  const kept = points.slice(start ?? 0, endOf(points, start ?? 0));
  const untrusted = new Set(kept.filter(isUntrusted).map((point) => secondOf(result, point)));
  return {
    fromSecond: first + (start ?? 0),
    toSecond: first + (start ?? 0) + kept.length,
    isSteady: start !== undefined,
    untrusted,
    points: kept.filter((point) => !isUntrusted(point)),
  };
}

/** At the end of a run, users stop: seconds with fewer of them are left out. */
const FULL_LOAD = 0.9;

/** Where the seconds with the usual number of users end. */
function endOf(points: readonly TimelinePoint[], start: number): number {
  const users = points.slice(start).map((point) => point.users);
  const usual = users.toSorted((a, b) => a - b)[Math.floor(users.length / 2)] ?? 0;
  return start + 1 + users.findLastIndex((count) => count >= FULL_LOAD * usual);
}

/** The longest warm-up that users, rate and response times show; undefined if one never settles. */
function warmUpIn(points: readonly TimelinePoint[]): number | undefined {
  const lengths = [
    points.map(({ users }) => users),
    points.map(({ requests }) => requests),
    points.map(({ p50Ms }) => Math.log(Math.max(0.001, p50Ms))),
  ].map(warmUpLength);
  return lengths.includes(undefined) ? undefined : Math.max(...(lengths as number[]));
}

/** A result marks seconds in which it does not trust its own figures. */
function isUntrusted(point: TimelinePoint): boolean {
  return Boolean((point as { readonly untrusted?: unknown }).untrusted);
}

function secondOf({ run }: RunResult, { at }: TimelinePoint): number {
  return Math.round((Date.parse(at) - Date.parse(run.startedAt)) / 1_000);
}
