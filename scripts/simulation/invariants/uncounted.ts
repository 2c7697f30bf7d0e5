import type { PlayedRun } from '../cluster/played-run.js';
import type { Target } from '../cluster/target.js';

/** Requests of one worker that the report lacks, and the bounds that the report states for them. */
export interface Uncounted {
  readonly worker: string;
  /** Requests that reached the target but are not in the report. */
  readonly missing: number;
  /** The sum of the bounds of its losses; `Infinity` if one has none. */
  readonly atMost: number;
  /** Whether the request rate was known. */
  readonly rateKnown: boolean;
  /** The sum of the likely numbers. */
  readonly likely: number;
}

/** One entry for each worker whose losses may have left something of this run uncounted. */
export function uncountedOf(target: Target, { ids, run, result }: PlayedRun): Uncounted[] {
  // If the master died before the start was on disk, a new run begins. Earlier requests are in no
  // report.
  if (!result || ids.size > 1) return [];
  const { losses = [] } = result;
  return run!.participants.all.flatMap(({ id, peer, requests }) => {
    const own = losses.filter(({ worker, uncountedFrom }) => worker === id && uncountedFrom !== undefined);
    if (own.length === 0) return [];
    const missing = target.requestsOf(peer, run!.id) - requests;
    const atMost = own.reduce((sum, { uncountedAtMost = Infinity }) => sum + uncountedAtMost, 0);
    const likely = own.reduce((sum, { uncountedLikely = 0 }) => sum + uncountedLikely, 0);
    const rateKnown = own.every(({ uncountedBy }) => uncountedBy !== 'capacity');
    return [{ worker: id, missing, atMost, rateKnown, likely }];
  });
}
