import { clip, timesParts, type SeriesKey } from '@drumline/model';

/** Name of what holds everything beyond a limit. */
export const OTHER = '(other)';

/** The most entries of a kind. Memory and reports stay bounded, and sums exact. */
export const MAX_CHECKS = 1_000;
export const MAX_METRICS = 1_000;
export const MAX_EXCEPTIONS = 500;
/** Of one series. */
export const MAX_ERRORS = 50;
/** Protocols of series beyond the limit that are told apart. */
export const MAX_OTHER_SERIES = 20;

/** What names and messages are cut to, characters. */
const MAX_NAME = 1_000;
const MAX_MESSAGE = 4_000;
const MAX_STACK = 16_000;

/** @param name from the user's code, where types are not always checked */
export function clipName(name: unknown): string {
  return clip(String(name), MAX_NAME);
}

/** The longest example, characters. */
const MAX_EXAMPLE = 300;

export function clipExample(example: unknown): string {
  return clip(String(example), MAX_EXAMPLE);
}

export function clipMessage(message: unknown): string {
  return clip(String(message), MAX_MESSAGE);
}

export function clipStack(stack: unknown): string {
  return clip(String(stack), MAX_STACK);
}

/** The key, with its long texts cut off: counts must fit in a report. */
export function clipKey(key: SeriesKey): SeriesKey {
  const { protocol, method, name, user, tags } = key;
  const isShort = [protocol, method, name, user, ...tags.flat()].every(
    (text) => typeof text === 'string' && text.length <= MAX_NAME,
  );
  if (isShort) return key;
  return {
    protocol: clipName(protocol),
    method: clipName(method),
    name: clipName(name),
    user: clipName(user),
    tags: tags.map(([tag, value]) => [clipName(tag), clipName(value)] as const),
  };
}

/**
 * Where a series beyond the limit is counted: with all others of its protocol. Series that time parts of requests keep their method, as
 * it tells that they are no part of the totals.
 */
export function otherKeyOf({ protocol, method }: SeriesKey): SeriesKey {
  const isPart = timesParts({ protocol, method });
  return { protocol, method: isPart ? method : '', name: OTHER, user: '', tags: [] };
}

/** Where series are counted whose protocol is one too many. */
export function lastKeyOf(key: SeriesKey): SeriesKey {
  return otherKeyOf({ ...key, protocol: timesParts(key) ? 'sse' : OTHER, method: '' });
}

/** Whether a key is one of those that hold what is beyond the limit. */
export function isOtherKey({ name, user, tags }: SeriesKey): boolean {
  return name === OTHER && user === '' && tags.length === 0;
}
