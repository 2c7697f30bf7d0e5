import type { Millis } from '@drumline/model';
import type { LossResult } from '@drumline/wire';
import type { Loss } from '../allocation/loss.js';
import type { Rate } from '../allocation/pace.js';
import { boundsOf } from './uncounted.js';

/**
 * Formats the losses for the result.
 * @param at converts a time since the start to the wall clock
 * @param elsewhere the request rate of users around a time since the start
 */
export function lossResults(
  losses: readonly Loss[],
  at: (ms: Millis) => string,
  elsewhere: (atMs: Millis) => Rate | undefined,
): LossResult[] {
  return losses.map(({ worker, lane, host, atMs, reason, returned, uncounted }) => ({
    worker,
    ...(lane !== undefined && { lane }),
    host,
    at: at(atMs),
    reason,
    returned,
    ...(uncounted && {
      uncountedFrom: at(uncounted.fromMs),
      ...boundsOf(uncounted, elsewhere(uncounted.fromMs)),
    }),
  }));
}
