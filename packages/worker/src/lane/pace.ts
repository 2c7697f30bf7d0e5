import type { Millis } from '@drumline/model';

// Users whose tasks start in a constant interval have a place in it each, at which they start. A
// user that has lost its place, as its target stood still, goes back to it in small steps:
// otherwise users that were held up together would stay together.

/**
 * A start that is late by no more than this part of the interval is made up for with the next one.
 */
const MADE_UP = 1 / 20;
/**
 * A user that has lost its place gets nearer to it by this part of the interval with each start.
 */
const STEP = 1 / 10;
/**
 * Any number of points follow each other so that they are spread evenly: the fractional parts of
 * its multiples.
 */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Where in the interval a user starts, from 0 to below 1.
 * @param ordinal its number among the users of its type
 */
export function phaseOf(ordinal: number): number {
  return (ordinal * GOLDEN_RATIO) % 1;
}

/**
 * How long a user waits before its first task.
 * @param placeMs an instant at which it should start; so is every interval before and after it
 */
export function firstDelayMs(placeMs: Millis, periodMs: Millis, nowMs: Millis): Millis {
  const aheadMs = untilPlace(placeMs, periodMs, nowMs);
  return periodMs - aheadMs <= periodMs * MADE_UP ? 0 : aheadMs;
}

/**
 * How long a user waits after a task that began at `startedMs`.
 * @param placeMs as for `firstDelayMs`
 */
export function nextDelayMs(placeMs: Millis, periodMs: Millis, startedMs: Millis, nowMs: Millis): Millis {
  const aheadMs = untilPlace(placeMs, periodMs, startedMs);
  const wasLate = periodMs - aheadMs <= periodMs * MADE_UP;
  const intervalMs = wasLate ? aheadMs : periodMs + Math.min(aheadMs, periodMs * STEP);
  return Math.max(0, startedMs + intervalMs - nowMs);
}

/** From an instant to the next one at which the user should start, from 0 to below the interval. */
function untilPlace(placeMs: Millis, periodMs: Millis, atMs: Millis): Millis {
  const aheadMs = (placeMs - atMs) % periodMs;
  return aheadMs < 0 ? aheadMs + periodMs : aheadMs;
}
