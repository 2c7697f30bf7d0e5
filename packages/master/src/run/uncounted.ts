import type { Millis } from '@drumline/model';
import type { LossResult } from '@drumline/wire';

/** Requests that one user makes in a second. */
export interface Rate {
  /** In the busiest second that was looked at. */
  readonly most: number;
  readonly mean: number;
}

/** What a loss may have left uncounted. Times are milliseconds since the start of the run. */
export interface Uncounted {
  readonly fromMs: Millis;
  /** When it must have stopped. */
  readonly untilMs: Millis;
  /**
   * Users that it may have run up to then, summed over the time: five users for two seconds are
   * ten.
   */
  readonly userSeconds: number;
  /** The same up to its last sign of life. */
  readonly likelyUserSeconds: number;
  /** The worker's own rate; absent if nothing is known of it. */
  readonly rate?: Rate;
  /** Requests that may have been under way, seen by the target and not ended. */
  readonly inFlight: number;
  /** How many lanes it was. */
  readonly lanes: number;
}

/**
 * No lane sends more requests in a second: several times what the lightest requests take on the
 * fastest machines.
 */
const LANE_CAPACITY = 200_000;

type Bounds = Required<Pick<LossResult, 'uncountedAtMost' | 'uncountedLikely' | 'uncountedBy'>>;

/**
 * Bounds what a loss left uncounted: by the worker's own rate, else by the rate of users elsewhere,
 * else by what its lanes can send.
 * @param elsewhere the rate of users about that time; absent if nothing was counted in the whole
 * run
 */
export function boundsOf(uncounted: Uncounted, elsewhere: Rate | undefined): Bounds {
  const { fromMs, untilMs, inFlight, lanes } = uncounted;
  const rate = uncounted.rate ?? elsewhere;
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
 * Over a longer time, busy and quiet seconds make up for each other: their deviation grows with its
 * square root only. Small counts deviate by their own square root.
 */
function most({ most: busiest, mean }: Rate, userSeconds: number, seconds: number): number {
  const settled = mean + (SPREAD * (busiest - mean)) / Math.sqrt(Math.max(1, seconds));
  const expected = userSeconds * Math.min(busiest, settled);
  return expected + SPREAD * Math.sqrt(expected);
}

const SPREAD = 2;
