import { parseDuration, type Duration } from '@drumline/model';

/** How long a user waits after a task. */
export interface WaitTime {
  /**
   * @param taskStartedMs when the task before the wait began, on the clock of `nowMs`
   * @param nowMs the present
   * @param random a number in [0, 1)
   * @returns how long to wait from now, milliseconds, at least 0
   */
  delayMs(taskStartedMs: number, nowMs: number, random: number): number;
}

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
export function pacing(interval: Duration): WaitTime {
  const ms = parseDuration(interval);
  return { delayMs: (startedMs, nowMs) => Math.max(0, startedMs + ms - nowMs) };
}

/** At most this many task starts a second for each user: `throughput(0.5)` is one in two seconds. */
export function throughput(tasksPerSecond: number): WaitTime {
  if (!(tasksPerSecond > 0))
    throw new RangeError(`throughput(${tasksPerSecond}): a number above 0 is needed`);
  return pacing(1_000 / tasksPerSecond);
}
