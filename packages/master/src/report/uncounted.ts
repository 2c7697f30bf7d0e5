import type { LossResult } from '@drumline/wire';
import type { Uncounted } from '../allocation/loss.js';
import type { Rate } from '../allocation/pace.js';

/**
 * No lane sends more requests per second. This is several times the maximum measured with the
 * lightest requests.
 */
const LANE_CAPACITY = 200_000;

type Bounds = Required<Pick<LossResult, 'uncountedAtMost' | 'uncountedLikely' | 'uncountedBy'>>;

/**
 * Bounds the requests that a loss left uncounted. Uses the worker’s own rate, else the rate of
 * other users, else the capacity of its lanes.
 * @param elsewhere the rate of users at about that time; undefined if the whole run counted nothing
 */
export function boundsOf(uncounted: Uncounted, elsewhere: Rate | undefined): Bounds {
  const { fromMs, untilMs, inFlight, lanes } = uncounted;
  const rate = uncounted.rate ?? (uncounted.asOneUser ? undefined : elsewhere);
  const seconds = Math.max(0, untilMs - fromMs) / 1_000;
  if (!rate) {
    const uncountedAtMost = Math.ceil(lanes * LANE_CAPACITY * seconds) + inFlight;
    return { uncountedAtMost, uncountedLikely: 0, uncountedBy: 'capacity' };
  }
  return {
    uncountedAtMost: Math.ceil(most(rate, uncounted.userSeconds, seconds)) + inFlight,
    uncountedLikely: Math.round(rate.mean * uncounted.likelyUserSeconds),
    uncountedBy: uncounted.rate ? 'own-rate' : 'rate-of-others',
  };
}

/**
 * The maximum number of requests. Over time busy and quiet seconds cancel out: the deviation grows
 * only with the square root of the time. Small counts deviate by their own square root, those of
 * the sample as those that are missing.
 */
function most({ most: busiest, mean, sample }: Rate, userSeconds: number, seconds: number): number {
  const settled = mean + (SPREAD * (busiest - mean)) / Math.sqrt(Math.max(1, seconds));
  const expected = userSeconds * Math.min(busiest, settled);
  return expected + SPREAD * Math.sqrt(expected + expected ** 2 / Math.max(1, sample));
}

const SPREAD = 2;
