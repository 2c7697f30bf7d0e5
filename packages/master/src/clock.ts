import type { Millis } from '@drumline/model';

/** The origin of `performance.now()` on the monotonic clock of the machine. */
const ZERO_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * The current time on the monotonic clock of the machine. All processes since boot share it, so a
 * master can resume the run of another. All intervals and liveness checks of a run use it.
 */
export function masterNowMs(): Millis {
  return ZERO_MS + performance.now();
}
