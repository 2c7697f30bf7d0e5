import { WINDOW_BLOCK_SECONDS } from '@drumline/stats';

/**
 * The sequence numbers of records follow from the second. So another master that resumes the run
 * continues them, and a dropped record leaves a gap.
 */

/** The number of the record of a second. Each block of ten seconds ends with a `detail` record. */
export function seqOfSecond(second: number): number {
  return second + Math.floor(second / WINDOW_BLOCK_SECONDS) + 1;
}

/** The number of the `detail` record whose last second is given. */
export function seqOfDetail(lastSecond: number): number {
  return seqOfSecond(lastSecond) + 1;
}
