import type { Millis, Note } from '@drumline/model';
import type { LossResult } from '@drumline/wire';
import type { Loss, Uncounted } from '../allocation/loss.js';
import type { Rate } from '../allocation/pace.js';
import { boundsOf } from './uncounted.js';

/**
 * Formats the losses for the result.
 * @param at converts a time since the start to the wall clock
 * @param elsewhere the request rate of users around a loss
 */
export function lossResults(
  losses: readonly Loss[],
  at: (ms: Millis) => string,
  elsewhere: (loss: Uncounted) => Rate | undefined,
): LossResult[] {
  return losses.map(({ worker, lane, host, atMs, reason, returned, times = 1, uncounted, starts }) => ({
    worker,
    ...(lane !== undefined && { lane }),
    host,
    at: at(atMs),
    reason: times === 1 ? reason : `${reason} (the last of ${times} losses)`,
    returned,
    ...(uncounted && {
      uncountedFrom: at(uncounted.fromMs),
      ...boundsOf(uncounted, elsewhere(uncounted)),
    }),
    ...(starts !== undefined && { startsAtMost: starts }),
  }));
}

/** A note on losses that the list combines, if there are any. */
export function combinedLosses(losses: readonly Loss[]): Note[] {
  const left = losses.reduce((sum, { times = 1 }) => sum + times - 1, 0);
  if (left === 0) return [];
  const message = `${left} losses are not listed one by one. They are combined with later ones of the same worker or lane.`;
  return [{ code: 'losses-limit', message }];
}
