import type { Millis } from '@drumline/model';

// Users with a constant interval between task starts each have a slot in the interval. A user that
// lost its slot because its target was slow returns to it in small steps. Otherwise users that were
// delayed together would stay together.

/**
 * A start that is late by up to this fraction of the interval is compensated with the next start.
 */
const MADE_UP = 1 / 20;
/** A user that lost its slot moves towards it by this fraction of the interval with each start. */
const STEP = 1 / 10;
/** The fractional parts of its multiples spread any number of slots evenly. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * The slot of a user in the interval, from 0 to below 1.
 * @param ordinal its number among the users of its type
 */
export function phaseOf(ordinal: number): number {
  return (ordinal * GOLDEN_RATIO) % 1;
}

/**
 * How long a user waits before its first task.
 * @param placeMs a time at which it should start, as at every interval before and after it
 */
export function firstDelayMs(placeMs: Millis, periodMs: Millis, nowMs: Millis): Millis {
  const aheadMs = untilPlace(placeMs, periodMs, nowMs);
  return periodMs - aheadMs <= periodMs * MADE_UP ? 0 : aheadMs;
}

/**
 * When the task is due that follows one that began at `startedMs`. May be in the past.
 * @param placeMs as for `firstDelayMs`
 */
export function nextDueMs(placeMs: Millis, periodMs: Millis, startedMs: Millis): Millis {
  const aheadMs = untilPlace(placeMs, periodMs, startedMs);
  const wasLate = periodMs - aheadMs <= periodMs * MADE_UP;
  return startedMs + (wasLate ? aheadMs : periodMs + Math.min(aheadMs, periodMs * STEP));
}

/** Time to the next slot of the user, from 0 to below the interval. */
function untilPlace(placeMs: Millis, periodMs: Millis, atMs: Millis): Millis {
  const aheadMs = (placeMs - atMs) % periodMs;
  return aheadMs < 0 ? aheadMs + periodMs : aheadMs;
}
