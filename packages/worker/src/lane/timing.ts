import type { Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Timing } from './population.js';

/** The clock and the timers of a lane. */
export const laneTiming: Timing = {
  now: monotonicMs,
  after: (delayMs: Millis, action: () => void) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
