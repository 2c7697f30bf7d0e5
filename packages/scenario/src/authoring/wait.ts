import { optionKeys, parseDuration, requireKnownKeys, type Duration, type Millis } from '@drumline/model';

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
