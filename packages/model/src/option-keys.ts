import { closest } from './suggest.js';

/** The keys that an options object may have. It has no prototype, so it holds only these. */
export type OptionKeys = Readonly<Record<string, true>>;

/** All keys of `T`. The argument does not compile if `T` gains or loses a key. */
export function optionKeys<T extends object>(keys: { readonly [K in keyof Required<T>]: true }): OptionKeys {
  return Object.assign(Object.create(null) as Record<string, true>, keys);
}

/** A key that has no effect, and what to write instead. */
export interface UnknownKey {
  readonly key: string;
  readonly hint: string;
}

/** Every unknown key of an object. Values that are not objects have none. */
export function findUnknownKeys(given: unknown, known: OptionKeys): UnknownKey[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return [];
  return Object.keys(given)
    .filter((key) => known[key] !== true)
    .map((key) => ({ key, hint: keyHint(key, Object.keys(known)) }));
}

/** A hint for an unknown key: the most similar known key, or a list of all known keys. */
export function keyHint(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  return meant === undefined ? `known options: ${known.join(', ')}` : `did you mean ${meant}?`;
}

/** Whether an options object has an unknown key. Called for each request, so it never allocates. */
export function hasUnknownKey(options: object, known: OptionKeys): boolean {
  // Inherited options are valid, so their keys are checked, too.
  // oxlint-disable-next-line guard-for-in
  for (const key in options) if (known[key] !== true) return true;
  return typeof options !== 'object';
}

/**
 * The error for invalid options.
 * @param where the call, such as `GET /products`
 */
export function unknownOptions(options: unknown, known: OptionKeys, where: string): TypeError {
  if (typeof options !== 'object' || Array.isArray(options)) {
    const what = Array.isArray(options) ? 'an array' : `a ${typeof options}`;
    return new TypeError(`${where}: the options must be an object, not ${what}`);
  }
  const keys: string[] = [];
  for (const key in options) if (known[key] !== true) keys.push(key);
  const names = Object.keys(known);
  const found = keys.map((key) => `there is no option '${key}' (${keyHint(key, names)})`);
  return new TypeError(`${where}: ${found.join('; ')}`);
}

/** @throws TypeError if the options have an unknown key or are not an object */
export function requireKnownKeys(options: object, known: OptionKeys, where: string): void {
  if (hasUnknownKey(options, known)) throw unknownOptions(options, known, where);
}
