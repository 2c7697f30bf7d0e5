import {
  normalQuantile,
  optionKeys,
  parseDuration,
  requireKnownKeys,
  type Duration,
  type Millis,
} from '@drumline/model';

/** How long a user waits after a task. Implement it yourself for other distributions. */
export interface WaitTime {
  /**
   * Computes the wait after one task.
   *
   * @param taskStartedMs when the task started, in milliseconds on the same clock as `nowMs`
   * @param nowMs the current time in milliseconds, of a monotonic clock
   * @param random a random number, at least 0 and less than 1
   * @returns the time to wait from now in milliseconds, at least 0
   */
  delayMs(taskStartedMs: number, nowMs: number, random: number): number;
  /**
   * Constant interval in milliseconds between the starts of tasks. If it is set, Drumline spreads
   * the users evenly over the interval and does not call `delayMs`. Default: none.
   */
  readonly periodMs?: Millis;
  /**
   * Time in milliseconds after which the next task is due, counted from the start of a task. If the
   * next task starts later, the response time of its first request counts from when it was due.
   * Default: none.
   */
  readonly dueAfterMs?: Millis;
}

/**
 * Computes the wait after each task: a number of milliseconds, or text such as `'2s'`.
 *
 * @param random a random number, at least 0 and less than 1
 */
export type WaitFunction = (random: number) => Duration;

/** Bounds of `exponential` and `normal`. */
export interface WaitBounds {
  /** The shortest wait. Shorter ones are raised to it. Default 0. */
  readonly min?: Duration;
  /** The longest wait. Longer ones are lowered to it. Default: none. */
  readonly max?: Duration;
}

/** Options of `pacing` and `throughput`. */
export interface PacingOptions {
  /**
   * Whether users are spread evenly over the interval. Default `true`. A spread user waits for its
   * time slot before its first task, and keeps the slot if it moves to another worker. With
   * `false`, users that start together stay together.
   */
  readonly spread?: boolean;
}

const PACING_KEYS = optionKeys<PacingOptions>({ spread: true });
const BOUND_KEYS = optionKeys<WaitBounds>({ min: true, max: true });

/**
 * Waits a constant time between the end of a task and the start of the next.
 *
 * @throws RangeError if the duration is invalid
 */
export function constant(duration: Duration): WaitTime {
  const ms = parseDuration(duration);
  return { delayMs: () => ms };
}

/**
 * Waits a random time between the end of a task and the start of the next, uniformly distributed
 * from `shortest` to `longest`.
 *
 * @throws RangeError if a duration is invalid, or `shortest` is longer than `longest`
 */
export function between(shortest: Duration, longest: Duration): WaitTime {
  const [from, to] = [parseDuration(shortest), parseDuration(longest)];
  if (from > to)
    throw new RangeError(`between('${shortest}', '${longest}'): the shorter time must come first`);
  return { delayMs: (_started, _now, random) => from + (to - from) * random };
}

/**
 * Waits a random time between the end of a task and the start of the next, exponentially
 * distributed: mostly short, sometimes long. Visitors who act independently of each other wait like
 * this.
 *
 * @param mean the mean wait, if there are no bounds
 * @throws RangeError if a duration is invalid, or `min` is longer than `max`
 * @throws TypeError if a bound is unknown
 */
export function exponential(mean: Duration, bounds: WaitBounds = {}): WaitTime {
  const meanMs = parseDuration(mean);
  const within = boundsOf('exponential', bounds);
  return { delayMs: (_started, _now, random) => within(-meanMs * Math.log1p(-random)) };
}

/**
 * Waits a random time between the end of a task and the start of the next, normally distributed:
 * two thirds of the waits are within one `deviation` of the `mean`.
 *
 * @throws RangeError if a duration is invalid, or `min` is longer than `max`
 * @throws TypeError if a bound is unknown
 */
export function normal(mean: Duration, deviation: Duration, bounds: WaitBounds = {}): WaitTime {
  const [meanMs, deviationMs] = [parseDuration(mean), parseDuration(deviation)];
  const within = boundsOf('normal', bounds);
  return { delayMs: (_started, _now, random) => within(meanMs + deviationMs * normalQuantile(random)) };
}

/**
 * Starts tasks at a constant interval. If a task takes longer than the interval, the next one
 * starts immediately, and the response time of its first request counts from when it was due.
 *
 * @throws RangeError if the duration is invalid
 * @throws TypeError if an option is unknown
 */
export function pacing(interval: Duration, options: PacingOptions = {}): WaitTime {
  requireKnownKeys(options, PACING_KEYS, 'pacing');
  return paced(parseDuration(interval), options);
}

/**
 * Limits each user to a number of task starts per second: `throughput(0.5)` is one every two
 * seconds.
 *
 * @throws RangeError if the number is not greater than 0
 * @throws TypeError if an option is unknown
 */
export function throughput(tasksPerSecond: number, options: PacingOptions = {}): WaitTime {
  requireKnownKeys(options, PACING_KEYS, 'throughput');
  if (!(tasksPerSecond > 0))
    throw new RangeError(`throughput(${tasksPerSecond}): the number must be greater than 0`);
  return paced(1_000 / tasksPerSecond, options);
}

function paced(periodMs: Millis, { spread = true }: PacingOptions): WaitTime {
  return {
    delayMs: (startedMs, nowMs) => Math.max(0, startedMs + periodMs - nowMs),
    dueAfterMs: periodMs,
    ...(spread && periodMs > 0 ? { periodMs } : {}),
  };
}

function boundsOf(name: string, bounds: WaitBounds): (ms: Millis) => Millis {
  requireKnownKeys(bounds, BOUND_KEYS, name);
  const minMs = parseDuration(bounds.min ?? 0);
  const maxMs = bounds.max === undefined ? Infinity : parseDuration(bounds.max);
  if (minMs > maxMs)
    throw new RangeError(`${name}: min ('${bounds.min}') is longer than max ('${bounds.max}')`);
  return (ms) => Math.min(maxMs, Math.max(minMs, ms));
}

/** The wait time of the option `wait`. It throws a RangeError if a function returns no duration. */
export function waitTimeOf(wait: WaitTime | WaitFunction | undefined): WaitTime | undefined {
  if (typeof wait !== 'function') return wait;
  return { delayMs: (_started, _now, random) => parseDuration(wait(random)) };
}
