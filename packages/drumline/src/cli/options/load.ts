import type { Options } from 'yargs';
import { messageOf, parseDuration, parseRate, type StageOverride } from '@drumline/model';
import { optionError } from './values.js';

/** An option that takes a rate, such as `200/s`. */
export function rate<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): number => {
    const perSecond = rateOf(name, value);
    if (perSecond > 0) return perSecond;
    throw optionError(name, 'must be a rate above 0', 'Write for example 200/s.');
  };
  return { ...rest, type: 'string', requiresArg: true, read } as const;
}

/** An option that takes stages: `2m:500` or `2m:200/s`, repeated or separated by commas. */
export function stages<const T extends Options>(name: string, rest: T) {
  const read = (value: unknown): StageOverride[] =>
    [value]
      .flat()
      .flatMap((text) => String(text).split(','))
      .map((text) => stageOf(name, text.trim()));
  return { ...rest, type: 'string', array: true, requiresArg: true, read } as const;
}

function stageOf(name: string, text: string): StageOverride {
  const [, over, to] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (over === undefined || to === undefined)
    throw optionError(
      name,
      `'${text}' is not a stage`,
      'Write DURATION:USERS or DURATION:RATE, such as 2m:500 or 2m:200/s.',
    );
  const durationMs = durationOf(name, over);
  if (to.includes('/')) return { durationMs, to: rateOf(name, to), unit: 'per-second' };
  const users = Number(to);
  if (/^\d+$/.test(to) && Number.isSafeInteger(users)) return { durationMs, to: users, unit: 'users' };
  throw optionError(
    name,
    `'${to}' is not a number of users or a rate`,
    'Write for example 2m:500 for users, or 2m:200/s for a rate.',
  );
}

function durationOf(name: string, text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw optionError(name, messageOf(error));
  }
}

function rateOf(name: string, value: unknown): number {
  try {
    return parseRate(String(value));
  } catch (error) {
    throw optionError(name, messageOf(error));
  }
}
