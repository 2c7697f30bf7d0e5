import type { IntervalDelta, TimelinePoint } from '@drumline/stats';

/** Running users of a second, and what the plan asked for: users, and starts per second. */
export type LoadOfSecond = readonly [
  second: number,
  users: number,
  plannedUsers?: number,
  plannedRate?: number,
];

/** A second of a run as the timeline shows it. */
export interface StoredPoint extends TimelinePoint {
  readonly users: number;
  readonly plannedUsers: number;
  readonly plannedRate: number;
}

export function timelinePointOf(stored: StoredPoint): TimelinePoint {
  const { users: _, plannedUsers: _users, plannedRate: _rate, ...point } = stored;
  return point;
}

/** A summary of the first seconds, without a delta for each. */
export interface StoredHistory {
  /** The first second that is not included. */
  readonly until: number;
  /** Their sum is the totals of these seconds. */
  readonly totals: Iterable<IntervalDelta>;
  /** One point for each of these seconds, ascending from 0. */
  readonly points: readonly StoredPoint[];
}

/** The counts of a run as another master stored them. */
export interface StoredCounts {
  readonly maxSeries: number;
  /** The second in which counting begins: that of the last reset, or 0. */
  readonly fromSecond: number;
  /** Summary of everything but the last minutes; absent for a short run. */
  readonly history?: StoredHistory | undefined;
  /** Counts that the history lacks: one delta for each second that has any, ascending. */
  readonly deltas: Iterable<IntervalDelta>;
  /** The load by second, from the end of the history. */
  readonly users: readonly LoadOfSecond[];
  /** Position of the newest event that was stored; by default 0. */
  readonly position?: number;
}

/** The number of seconds that had closed. Later ones may have counts, which came early. */
export function knownSecondsOf({ history, users }: Pick<StoredCounts, 'history' | 'users'>): number {
  return (users.at(-1)?.[0] ?? (history?.until ?? 0) - 1) + 1;
}

/** The counts of closed seconds. Those of later seconds are in the events that close them. */
export function* closedDeltasOf(
  counts: Pick<StoredCounts, 'history' | 'users' | 'deltas'>,
): Generator<IntervalDelta> {
  const known = knownSecondsOf(counts);
  for (const delta of counts.deltas) if (delta.second < known) yield delta;
}
