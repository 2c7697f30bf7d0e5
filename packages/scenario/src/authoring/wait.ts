import { optionKeys, parseDuration, requireKnownKeys, type Duration, type Millis } from '@drumline/model';

/** How long a user waits after a task. */
export interface WaitTime {
  /**
   * @param taskStartedMs when the task before the wait began, on the clock of `nowMs`
   * @param nowMs the present
   * @param random a number in [0, 1)
   * @returns how long to wait from now, milliseconds, at least 0
   */
  delayMs(taskStartedMs: number, nowMs: number, random: number): number;
  /**
   * Present where tasks start in a constant interval: users are spread evenly over it, instead of
   * starting together. `delayMs` is not asked then.
   */
  readonly periodMs?: Millis;
}

/** Options of `pacing` and `throughput`. */
export interface PacingOptions {
  /**
   * `true`: users start their tasks at different times of the interval, spread evenly over it, and
   * keep to these times when they move to another worker. A user waits for its time before its
   * first task. `false`: users that start together stay together. Default `true`.
   */
  readonly spread?: boolean;
}

const PACING_KEYS = optionKeys<PacingOptions>({ spread: true });

/** Always the same wait between the end of a task and the start of the next. */
export function constant(duration: Duration): WaitTime {
  const ms = parseDuration(duration);
  return { delayMs: () => ms };
}

/** A random wait between the end of a task and the start of the next, evenly spread over the range. */
export function between(shortest: Duration, longest: Duration): WaitTime {
  const [from, to] = [parseDuration(shortest), parseDuration(longest)];
  if (from > to) throw new RangeError(`between('${shortest}', '${longest}'): the shorter time comes first`);
  return { delayMs: (_started, _now, random) => from + (to - from) * random };
}

/** A constant interval between the starts of tasks; a task that takes longer is followed at once. */
export function pacing(interval: Duration, options: PacingOptions = {}): WaitTime {
  requireKnownKeys(options, PACING_KEYS, 'pacing');
  return paced(parseDuration(interval), options);
}

/** At most this many task starts a second for each user: `throughput(0.5)` is one in two seconds. */
export function throughput(tasksPerSecond: number, options: PacingOptions = {}): WaitTime {
  requireKnownKeys(options, PACING_KEYS, 'throughput');
  if (!(tasksPerSecond > 0))
    throw new RangeError(`throughput(${tasksPerSecond}): a number above 0 is needed`);
  return paced(1_000 / tasksPerSecond, options);
}

function paced(periodMs: Millis, { spread = true }: PacingOptions): WaitTime {
  return {
    delayMs: (startedMs, nowMs) => Math.max(0, startedMs + periodMs - nowMs),
    ...(spread && periodMs > 0 ? { periodMs } : {}),
  };
}
