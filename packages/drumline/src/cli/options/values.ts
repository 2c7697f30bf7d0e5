import type { Options } from 'yargs';
import {
  DrumlineError,
  formatCount,
  formatDuration,
  MAX_WAIT_MS,
  messageOf,
  parseDuration,
  type Millis,
} from '@drumline/model';

/** An option that takes a duration. @param maxMs by default, the longest delay of a timer */
export function duration<const T extends Options>(name: string, rest: T, maxMs: Millis = MAX_WAIT_MS) {
  const read = (value: unknown): Millis => {
    const ms = parse(value);
    if (ms <= maxMs) return ms;
    throw optionError(name, `'${String(value)}' is longer than the maximum of ${formatDuration(maxMs)}`);
  };
  const parse = (value: unknown): Millis => {
    try {
      return parseDuration(value as string | number);
    } catch (error) {
      throw optionError(name, messageOf(error));
    }
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** An option that takes a duration above 0. */
export function positiveDuration<const T extends Options>(name: string, rest: T, maxMs?: Millis) {
  const { read: readAny } = duration(name, rest, maxMs);
  const read = (value: unknown): Millis => {
    const ms = readAny(value);
    if (ms > 0) return ms;
    throw optionError(name, 'must be longer than 0', 'Write for example 30s or 5m.');
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** An option that takes a whole number from `min` to `max`. */
export function wholeNumber<const T extends Options>(name: string, min: number, rest: T, max = Infinity) {
  const read = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min)
      throw optionError(name, `must be a whole number of at least ${min}`);
    if (value <= max) return value;
    throw optionError(name, `${formatCount(value)} is more than the maximum of ${formatCount(max)}`);
  };
  return { ...rest, type: 'number', requiresArg: true, read } as const;
}

/** An option that takes a number above 0. */
export function positiveNumber<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): number => {
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw optionError(name, 'must be a number above 0');
  };
  return { ...rest, type: 'number', requiresArg: true, read } as const;
}

/** An option that takes strings: separated by commas, repeated, or as an array in a config file. */
export function stringList<const T extends Options>(rest: T) {
  const read = (value: unknown): string[] =>
    [value]
      .flat()
      .flatMap((text) => String(text).split(','))
      .filter((word) => word !== '');
  return { ...rest, type: 'string', array: true, requiresArg: true, read } as const;
}

/** An option that takes a path. `--no-…`, or `false` in environment or file, turns it off. */
export function pathOrOff<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): string | false => {
    if (value === false || value === 'false') return false;
    if (typeof value === 'string' && value !== '') return value;
    throw optionError(name, 'a path is required');
  };
  return { ...rest, type: 'string', requiresArg: true, off: true, read } as const;
}

/** An error in the value of an option. */
export function optionError(name: string, message: string, hint?: string): DrumlineError {
  return new DrumlineError('usage', `--${name}: ${message}`, hint);
}
