const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Timers fire before sockets are read in a turn of the event loop. Data that has already arrived is
 * read first, because the timeout may be waiting for it.
 */
export function afterReading(ms: number, act: () => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(act), Math.min(ms, MAX_TIMER_MS));
}
