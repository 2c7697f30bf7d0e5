import { closest } from './suggest.js';

/**
 * The keys that an object of options may have. Without a prototype, so that `known[key]` finds
 * nothing else.
 */
export type OptionKeys = Readonly<Record<string, true>>;

/** The keys of `T`, all of them: the argument does not compile if `T` gains or loses one. */
export function optionKeys<T extends object>(keys: { readonly [K in keyof Required<T>]: true }): OptionKeys {
  return Object.assign(Object.create(null) as Record<string, true>, keys);
}

/** A key that has no effect, and what to write in its place. */
export interface UnknownKey {
  readonly key: string;
  readonly hint: string;
}

/** Every unknown key of an object; none for values that are not objects. */
export function findUnknownKeys(given: unknown, known: OptionKeys): UnknownKey[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return [];
  return Object.keys(given)
    .filter((key) => known[key] !== true)
    .map((key) => ({ key, hint: keyHint(key, Object.keys(known)) }));
}

/** How to mend a key that is unknown: the one that was probably meant, or all there are. */
export function keyHint(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  return meant === undefined ? `it has ${known.join(', ')}` : `did you mean ${meant}?`;
}

/**
 * Whether an object of options has a key without effect. Called for each request: it allocates
 * nothing.
 */
export function hasUnknownKey(options: object, known: OptionKeys): boolean {
  // Inherited keys are looked up like any other.
  // oxlint-disable-next-line guard-for-in
  for (const key in options) if (known[key] !== true) return true;
  return typeof options !== 'object';
}

/**
 * Why options cannot be used.
 * @param where the call: `GET /products`
 */
export function unknownOptions(options: unknown, known: OptionKeys, where: string): TypeError {
  if (typeof options !== 'object' || Array.isArray(options)) {
    const what = Array.isArray(options) ? 'a list' : `a ${typeof options}`;
    return new TypeError(`${where}: the options are ${what}, and must be an object`);
  }
  const keys: string[] = [];
  for (const key in options) if (known[key] !== true) keys.push(key);
  const names = Object.keys(known);
  const found = keys.map((key) => `there is no option '${key}' (${keyHint(key, names)})`);
  return new TypeError(`${where}: ${found.join('; ')}`);
}

/** @throws TypeError if the options have an unknown key, or are not an object */
export function requireKnownKeys(options: object, known: OptionKeys, where: string): void {
  if (hasUnknownKey(options, known)) throw unknownOptions(options, known, where);
}
