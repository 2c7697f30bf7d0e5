import { clip, timesParts, type SeriesKey } from '@drumline/model';

/** Name of the entry that counts everything beyond a limit. */
export const OTHER = '(other)';

/** The most entries of each kind. Memory and reports are bounded, and sums stay exact. */
export const MAX_CHECKS = 1_000;
export const MAX_METRICS = 1_000;
export const MAX_EXCEPTIONS = 500;
/** The most errors of one series. */
export const MAX_ERRORS = 50;
/** The most status codes of one series. */
export const MAX_STATUSES = 50;
/** The most protocols with a separate `(other)` series. */
export const MAX_OTHER_SERIES = 20;

/**
 * Whether there is room for another entry. The entry for everything beyond the limit does not
 * count, so that the others do not depend on when it was added.
 * @param other the key of that entry
 */
export function hasRoom(entries: ReadonlyMap<string, unknown>, limit: number, other = OTHER): boolean {
  return entries.size - (entries.has(other) ? 1 : 0) < limit;
}

/** The longest names, messages and stacks, in characters. */
const MAX_NAME = 1_000;
const MAX_MESSAGE = 4_000;
const MAX_STACK = 16_000;

/** @param name comes from user code, so that it may be of any type */
export function clipName(name: unknown): string {
  return clip(String(name), MAX_NAME);
}

/** The longest example, in characters. */
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

/** The key with long texts cut off, so that it fits in a report. */
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
 * The key under which a series beyond the limit is counted: one for each protocol. Series that time
 * parts of requests keep their method, which excludes them from the totals.
 */
export function otherKeyOf({ protocol, method }: SeriesKey): SeriesKey {
  const isPart = timesParts({ protocol, method });
  return { protocol, method: isPart ? method : '', name: OTHER, user: '', tags: [] };
}

/** The key for series of protocols beyond `MAX_OTHER_SERIES`. */
export function lastKeyOf(key: SeriesKey): SeriesKey {
  return otherKeyOf({ ...key, protocol: timesParts(key) ? 'sse' : OTHER, method: '' });
}

/** Whether a key is one for series beyond the limit. */
export function isOtherKey({ name, user, tags }: SeriesKey): boolean {
  return name === OTHER && user === '' && tags.length === 0;
}
