const MAX_TIMER_MS = 2 ** 31 - 1;

/** Timers fire before sockets are read in a turn of the loop: what has already arrived is read first, as it may be what the time-out waits for. */
export function afterReading(ms: number, act: () => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(act), Math.min(ms, MAX_TIMER_MS));
}
