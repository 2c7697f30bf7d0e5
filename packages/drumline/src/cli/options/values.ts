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

/** An option that takes a duration. @param mostMs the longest, by default what a timer can wait */
export function duration<const T extends Options>(name: string, rest: T, mostMs: Millis = MAX_WAIT_MS) {
  const read = (value: unknown): Millis => {
    const ms = parse(value);
    if (ms <= mostMs) return ms;
    throw wrong(name, `'${String(value)}' is longer than the ${formatDuration(mostMs)} that are possible`);
  };
  const parse = (value: unknown): Millis => {
    try {
      return parseDuration(value as string | number);
    } catch (error) {
      throw wrong(name, messageOf(error));
    }
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** An option that takes a duration above 0. */
export function someTime<const T extends Options>(name: string, rest: T, mostMs?: Millis) {
  const { read: readAny } = duration(name, rest, mostMs);
  const read = (value: unknown): Millis => {
    const ms = readAny(value);
    if (ms > 0) return ms;
    throw wrong(name, 'must be longer than 0', 'Write for example 30s or 5m.');
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** An option that takes a whole number of at least `min`, and at most `max`. */
export function wholeNumber<const T extends Options>(name: string, min: number, rest: T, max = Infinity) {
  const read = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min)
      throw wrong(name, `a whole number of at least ${min} is needed`);
    if (value <= max) return value;
    throw wrong(name, `${formatCount(value)} is more than the ${formatCount(max)} that are possible`);
  };
  return { ...rest, type: 'number', requiresArg: true, read } as const;
}

/** An option that takes a number above 0. */
export function positiveNumber<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): number => {
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw wrong(name, 'a number above 0 is needed');
  };
  return { ...rest, type: 'number', requiresArg: true, read } as const;
}

/**
 * An option that takes words, separated by commas or given one by one (in a config file, as an
 * array).
 */
export function words<const T extends Options>(rest: T) {
  const read = (value: unknown): string[] =>
    [value]
      .flat()
      .flatMap((text) => String(text).split(','))
      .filter((word) => word !== '');
  return { ...rest, type: 'string', array: true, requiresArg: true, read } as const;
}

/**
 * An option that takes a path, or is switched off by `--no-…` (`false` in the environment or a
 * file).
 */
export function pathOrOff<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): string | false => {
    if (value === false || value === 'false') return false;
    if (typeof value === 'string' && value !== '') return value;
    throw wrong(name, 'a path is needed');
  };
  return { ...rest, type: 'string', requiresArg: true, off: true, read } as const;
}

/** A mistake in the value of an option. */
export function wrong(name: string, message: string, hint?: string): DrumlineError {
  return new DrumlineError('usage', `--${name}: ${message}`, hint);
}
