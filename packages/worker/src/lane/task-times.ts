import type { Millis } from '@drumline/model';
import type { WaitTime } from '@drumline/scenario';
import { firstDelayMs, nextDueMs } from './pace.js';
import type { UserHost } from './user-host.js';

/** A user, as far as the times of its tasks depend on it. */
export interface TimedUser {
  /** Its number in the part of the load. */
  readonly item: number;
  readonly host: Pick<UserHost, 'placeMs'>;
  /**
   * Whether it has a place in a constant interval. It has none between the tasks of an iteration
   * that had a due time itself.
   */
  readonly hasPlace: boolean;
}

/** How long a user with a constant interval waits for its place. */
export function untilPlaceMs({ item, host }: TimedUser, periodMs: Millis, nowMs: Millis): Millis {
  return firstDelayMs(host.placeMs(item, periodMs), periodMs, nowMs);
}

/**
 * When the task is due that follows one that began at `startedMs`; undefined if the wait time does
 * not say so.
 */
export function taskDueMs(
  { item, host, hasPlace }: TimedUser,
  { periodMs, dueAfterMs }: WaitTime,
  startedMs: Millis,
): Millis | undefined {
  if (periodMs !== undefined && hasPlace) return nextDueMs(host.placeMs(item, periodMs), periodMs, startedMs);
  const afterMs = dueAfterMs ?? periodMs;
  return afterMs === undefined ? undefined : startedMs + afterMs;
}
