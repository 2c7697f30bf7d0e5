import {
  optionKeys,
  requireKnownKeys,
  type Duration,
  type LoadRate,
  type RequestExpression,
} from '@drumline/model';

/** Options of `findLimit`. */
export interface FindLimitOptions {
  /** Rate of the first step. */
  readonly from: LoadRate;
  /** Highest rate. The search ends there, even if all conditions hold. */
  readonly to: LoadRate;
  /** How the rate grows: by a share of the last step (`'+20%'`), or by a rate (`'+50/s'`). */
  readonly step: `+${number}%` | `+${LoadRate}`;
  /** Length of each step. */
  readonly hold: Duration;
  /** Conditions that must hold in each step. The first step in which one does not ends the run. */
  readonly while: readonly RequestExpression[];
  /**
   * What starts at the rate: new users, or iterations on users that stay. Default: `'arrivals'`.
   */
  readonly kind?: 'arrivals' | 'iterations';
  /** The most users at a time. Default: no limit. */
  readonly maxUsers?: number;
  /**
   * The beginning of each step, which is not judged. Default: a fifth of `hold`, at least `'1s'`.
   */
  readonly warmUp?: Duration;
  /**
   * How often the range between the last good rate and the first bad one is halved, up to 10 times.
   * Before each lower rate, the good rate must pass again, so that the target has recovered.
   * Default: 0.
   */
  readonly refine?: number;
}

/** A search for the highest rate, as `findLimit` returns it. */
export interface LimitSearch {
  /** Tells it from other loads. */
  readonly kind: 'find-limit';
  /** The options as given. */
  readonly options: FindLimitOptions;
}

const KEYS = optionKeys<FindLimitOptions>({
  from: true,
  to: true,
  step: true,
  hold: true,
  while: true,
  kind: true,
  maxUsers: true,
  warmUp: true,
  refine: true,
});

/**
 * Finds the highest rate at which conditions hold. The rate grows step by step, until a condition
 * breaks in a step, or up to `to`. The answer is the rate of the last step that passed. A step in
 * which the load generator was the bottleneck is never the answer.
 *
 * @example
 * ```ts
 * load: findLimit({
 *   from: '50/s',
 *   to: '5000/s',
 *   step: '+20%',
 *   hold: '1m',
 *   while: ['p99 < 300ms', 'error rate < 1%'],
 * })
 * ```
 * @throws TypeError if an option is unknown
 */
export function findLimit(options: FindLimitOptions): LimitSearch {
  requireKnownKeys(options, KEYS, 'findLimit');
  return { kind: 'find-limit', options };
}
