import type { Millis } from '@drumline/model';
import type { ScheduleEvent } from '@drumline/stats';

/** A start is counted as late if it begins more than this after its due time. */
const LATE_MS: Millis = 10;
/**
 * A start within this time is on time, and its response time is its service time: timers are not
 * finer.
 */
export const ON_TIME_MS: Millis = 1;

/** How a start counts that begins this much after its due time. */
export function startedAfter(lateMs: Millis): ScheduleEvent {
  return lateMs > LATE_MS ? 'startedLate' : 'started';
}
