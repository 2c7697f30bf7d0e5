import type { Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Timing } from './load/member.js';

/** `setTimeout` fires longer timers at once. */
const MAX_TIMER_MS: Millis = 2 ** 31 - 1;

/** The clock and the timers of a lane. */
export const laneTiming: Timing = {
  now: monotonicMs,
  after: (delayMs: Millis, action: () => void) => {
    const timer = setTimeout(action, Math.min(delayMs, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
