import {
  optionKeys,
  parseDuration,
  parseRate,
  requireKnownKeys,
  type ArrivalsWorkload,
  type Duration,
  type IterationsWorkload,
  type LoadRate,
  type Millis,
  type RateProfile,
} from '@drumline/model';
import type { DeclaredReplay } from '../../runtime/tables/declarations.js';
import { stageMethods, type Curve, type StagedLoad } from './stages.js';

/** A rate that changes linearly from the start on. */
export interface RateRamp {
  /** Rate at the start. Default 0. */
  readonly from?: LoadRate;
  /** Rate at the end. */
  readonly to: LoadRate;
  /** Length of the change. */
  readonly over: Duration;
}

/** A number of starts, evenly spread over a time. */
export interface CountOver {
  /** Number of starts. */
  readonly count: number;
  /** The time over which they are spread. */
  readonly over: Duration;
}

/** Options of `random`. */
export interface RandomOptions {
  /** Number from which the times are computed. Default: that of the run. */
  readonly seed?: number;
}

/** An open workload whose order is not complete yet. */
export type RateDraft = (Omit<ArrivalsWorkload, 'order'> | Omit<IterationsWorkload, 'order'>) & {
  /** Starts at random, maybe without a seed. */
  readonly random?: RandomOptions;
  /** Starts as a file says. */
  readonly replay?: DeclaredReplay;
};

/**
 * Starts per time, as `arrivals` and `iterations` return it. They do not wait for the target: each
 * start has a due time, and response times count from it.
 */
export interface RateLoad extends StagedLoad<LoadRate> {
  readonly kind: 'load';
  /** The load as data. */
  readonly workload: RateDraft;
  /** Delay of its start. */
  readonly afterMs: Millis;
  /**
   * Starts at random times with the same mean rate (a Poisson process), like independent visitors.
   * The seed is in the result; the same seed gives the same times. Default: evenly spaced.
   *
   * @example
   * ```ts
   * load: arrivals('200/s').hold('10m').random()
   * ```
   * @throws RangeError if the seed is not a whole number from 0 to 4294967295
   * @throws TypeError if an option is unknown
   */
  random(options?: RandomOptions): this;
}

const RAMP_KEYS = optionKeys<RateRamp>({ from: true, to: true, over: true });
const COUNT_KEYS = optionKeys<CountOver>({ count: true, over: true });
const RANDOM_KEYS = optionKeys<RandomOptions>({ seed: true });

/** The largest seed. */
const MAX_SEED = 0xffff_ffff;

/** Makes an open load from its rate at the start. @param name the function, for messages */
export function rateLoadOf(
  rate: LoadRate | RateRamp | CountOver,
  name: string,
  workloadOf: (rate: RateProfile) => Omit<RateDraft, 'random'>,
): RateLoad {
  return rateLoad(firstStages(rate, name), workloadOf as (rate: RateProfile) => RateDraft, {}, 0);
}

function firstStages(rate: LoadRate | RateRamp | CountOver, name: string): Curve {
  if (typeof rate === 'string' || typeof rate !== 'object' || rate === null)
    return { from: parseRate(rate), stages: [] };
  if ('count' in rate) {
    requireKnownKeys(rate, COUNT_KEYS, name);
    const [durationMs, { count }] = [parseDuration(rate.over), rate];
    if (!(Number.isSafeInteger(count) && count > 0))
      throw new RangeError(`${name}: count is ${count}; use a whole number of at least 1`);
    if (durationMs === 0) throw new RangeError(`${name}: over must be longer than 0`);
    const perSecond = (count * 1_000) / durationMs;
    return { from: perSecond, stages: [{ durationMs, to: perSecond }] };
  }
  requireKnownKeys(rate, RAMP_KEYS, name);
  const from = rate.from === undefined ? 0 : parseRate(rate.from);
  return { from, stages: [{ durationMs: parseDuration(rate.over), to: parseRate(rate.to) }] };
}

function rateLoad(
  curve: Curve,
  workloadOf: (rate: RateProfile) => RateDraft,
  order: Pick<RateDraft, 'random'>,
  afterMs: Millis,
): RateLoad {
  const stages = curve.stages.map(({ durationMs, to }) => ({ durationMs, toPerSecond: to }));
  return {
    kind: 'load',
    workload: { ...workloadOf({ fromPerSecond: curve.from, stages }), ...order },
    afterMs,
    ...stageMethods<LoadRate, RateLoad>(
      curve,
      parseRate,
      (rate) => rate,
      (longer) => rateLoad(longer, workloadOf, order, afterMs),
    ),
    after: (delay) => rateLoad(curve, workloadOf, order, parseDuration(delay)),
    random: (options = {}) => {
      requireKnownKeys(options, RANDOM_KEYS, 'random');
      const { seed } = options;
      if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED))
        throw new RangeError(`random: seed is ${seed}; use a whole number from 0 to ${MAX_SEED}`);
      return rateLoad(curve, workloadOf, { random: options }, afterMs);
    },
  } as RateLoad;
}
