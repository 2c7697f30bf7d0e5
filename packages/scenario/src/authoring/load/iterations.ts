import {
  optionKeys,
  parseDuration,
  requireKnownKeys,
  type Duration,
  type FixedWorkload,
  type LoadRate,
  type Millis,
} from '@drumline/model';
import { rateLoadOf, type CountOver, type RateLoad, type RateRamp } from './rates.js';

/** Options of `iterations` with a rate. */
export interface IterationOptions {
  /**
   * The most users. An iteration that is due while all of them are busy is counted as dropped.
   * Default: no limit, users are added when all are busy.
   */
  readonly maxUsers?: number;
}

/** A number of iterations that users share. */
export interface SharedIterations {
  /** Iterations of all users together. */
  readonly total: number;
  /** Number of users. */
  readonly users: number;
}

/** A number of iterations for each user. */
export interface IterationsPerUser {
  /** Iterations of each user. */
  readonly perUser: number;
  /** Number of users. */
  readonly users: number;
}

/** A fixed number of iterations, as `iterations` returns it. It ends when all of them are done. */
export interface FixedLoad {
  readonly kind: 'load';
  /** The load as data. */
  readonly workload: FixedWorkload;
  /** Delay of its start. */
  readonly afterMs: Millis;
  /**
   * Ends the load after this time, even if iterations are left. They are counted as skipped.
   *
   * @throws RangeError if the duration is invalid
   */
  limit(duration: Duration): FixedLoad;
  /**
   * Starts the load this long after the run, or after the phase before it.
   *
   * @throws RangeError if the duration is invalid
   */
  after(delay: Duration): FixedLoad;
}

const RATE_KEYS = optionKeys<IterationOptions>({ maxUsers: true });
const SHARED_KEYS = optionKeys<SharedIterations>({ total: true, users: true });
const EACH_KEYS = optionKeys<IterationsPerUser>({ perUser: true, users: true });

/**
 * Iterations start at a rate, on users that stay and keep their connections. A user is added when
 * all are busy. Use it for a steady rate of work, whatever the target does.
 *
 * @example
 * ```ts
 * load: iterations('1200/m', { maxUsers: 300 }).hold('10m')
 * ```
 * @throws RangeError if a rate or duration is invalid
 * @throws TypeError if an option is unknown
 */
export function iterations(rate: LoadRate | RateRamp | CountOver, options?: IterationOptions): RateLoad;
/**
 * A fixed number of iterations, as fast as the users can run them. With `total` the users share
 * them: each runs the next one when it is idle. With `perUser` each runs the same number.
 *
 * @example
 * ```ts
 * load: iterations({ total: 1_000, users: 20 })
 * load: iterations({ perUser: 20, users: 5 }).limit('2m')
 * ```
 * @throws TypeError if an option is unknown
 */
export function iterations(amount: SharedIterations | IterationsPerUser): FixedLoad;
export function iterations(
  amount: LoadRate | RateRamp | CountOver | SharedIterations | IterationsPerUser,
  options: IterationOptions = {},
): RateLoad | FixedLoad {
  if (typeof amount === 'object' && amount !== null && ('total' in amount || 'perUser' in amount))
    return fixed(amount);
  requireKnownKeys(options, RATE_KEYS, 'iterations');
  const { maxUsers } = options;
  return rateLoadOf(amount, 'iterations', (rate) => ({
    kind: 'iterations',
    rate,
    ...(maxUsers === undefined ? {} : { maxUsers }),
  }));
}

function fixed(amount: SharedIterations | IterationsPerUser): FixedLoad {
  const each = 'perUser' in amount;
  requireKnownKeys(amount, each ? EACH_KEYS : SHARED_KEYS, 'iterations');
  const { users } = amount;
  const total = each ? amount.perUser * users : amount.total;
  return fixedLoad({ kind: 'fixed', total, users, each, limitMs: null }, 0);
}

function fixedLoad(workload: FixedWorkload, afterMs: Millis): FixedLoad {
  return {
    kind: 'load',
    workload,
    afterMs,
    limit: (duration) => fixedLoad({ ...workload, limitMs: parseDuration(duration) }, afterMs),
    after: (delay) => fixedLoad(workload, parseDuration(delay)),
  };
}
