/**
 * None, one or several.
 *
 * Most users have one connection and nothing waiting for it. One item is stored directly and none
 * as undefined, which saves each user the memory of a list and each request a look-up.
 */
export type Few<T extends object> = undefined | T | T[];

export function lengthOf<T extends object>(few: Few<T>): number {
  if (few === undefined) return 0;
  return Array.isArray(few) ? few.length : 1;
}

export function firstOf<T extends object>(few: Few<T>): T | undefined {
  return Array.isArray(few) ? few[0] : few;
}

export function lastOf<T extends object>(few: Few<T>): T | undefined {
  return Array.isArray(few) ? few[few.length - 1] : few;
}

export function includes<T extends object>(few: Few<T>, member: T): boolean {
  return few === member || (Array.isArray(few) && few.includes(member));
}

/** A snapshot of the members. */
export function membersOf<T extends object>(few: Few<T>): T[] {
  if (few === undefined) return [];
  return Array.isArray(few) ? [...few] : [few];
}

/** @returns the replacement for the given one */
export function withMore<T extends object>(few: Few<T>, member: T): Few<T> {
  if (few === undefined) return member;
  if (!Array.isArray(few)) return [few, member];
  few.push(member);
  return few;
}

/**
 * Removes a member. Cheap for the only one and for the last.
 * @returns the replacement for the given one
 */
export function without<T extends object>(few: Few<T>, member: T): Few<T> {
  if (few === member) return undefined;
  if (!Array.isArray(few)) return few;
  const at = few.lastIndexOf(member);
  if (at >= 0) few.splice(at, 1);
  return few.length === 0 ? undefined : few;
}

/** @returns the replacement for the given one */
export function withoutFirst<T extends object>(few: Few<T>): Few<T> {
  if (!Array.isArray(few)) return undefined;
  few.shift();
  return few.length === 0 ? undefined : few;
}
