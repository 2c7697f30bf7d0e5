import { optionKeys, requireKnownKeys, type LoadRate } from '@drumline/model';
import { rateLoadOf, type CountOver, type RateLoad, type RateRamp } from './rates.js';

/** Options of `arrivals`. */
export interface ArrivalOptions {
  /**
   * The most users at a time. An arrival beyond it is counted as dropped. Default: no limit.
   */
  readonly maxConcurrent?: number;
}

const KEYS = optionKeys<ArrivalOptions>({ maxConcurrent: true });

/**
 * New users arrive at a rate, whether or not earlier ones have left. Each runs `onStart`, one
 * iteration and `onStop`, with connections and cookies of its own, and leaves. Use it for visitors
 * who come independently of how fast the target responds.
 *
 * @example
 * ```ts
 * load: arrivals('200/s').hold('10m')
 * load: arrivals({ from: '10/s', to: '400/s', over: '5m' }).hold('10m').random()
 * load: arrivals({ count: 1_000, over: '5m' })
 * ```
 * @throws RangeError if a rate or duration is invalid
 * @throws TypeError if an option is unknown
 */
export function arrivals(rate: LoadRate | RateRamp | CountOver, options: ArrivalOptions = {}): RateLoad {
  requireKnownKeys(options, KEYS, 'arrivals');
  const { maxConcurrent } = options;
  return rateLoadOf(rate, 'arrivals', (profile) => ({
    kind: 'arrivals',
    rate: profile,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
  }));
}
