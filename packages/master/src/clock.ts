import type { Millis } from '@drumline/model';

/** `performance.now()` counts from the start of the process; this is what it counts in, for the whole machine. */
const ZERO_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * The machine's monotonic clock, the same in every process since it was started, so that a master can take up the run of one that
 * died: what every interval and every liveness decision of a run is counted on.
 */
export function masterNowMs(): Millis {
  return ZERO_MS + performance.now();
}
