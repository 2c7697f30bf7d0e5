import type { Millis } from '@drumline/model';

/** The master's monotonic clock: what every interval and every liveness decision of a run is counted on. */
export function masterNowMs(): Millis {
  return performance.now();
}
