/**
 * A list optimized for zero or one member, which is the usual case: most users have one connection
 * and no waiting exchange. An empty list is `undefined`, and a single member is stored without an
 * array. This saves memory per user and a lookup per request.
 */
export type CompactList<T extends object> = undefined | T | T[];

export function lengthOf<T extends object>(list: CompactList<T>): number {
  if (list === undefined) return 0;
  return Array.isArray(list) ? list.length : 1;
}

export function firstOf<T extends object>(list: CompactList<T>): T | undefined {
  return Array.isArray(list) ? list[0] : list;
}

export function lastOf<T extends object>(list: CompactList<T>): T | undefined {
  return Array.isArray(list) ? list[list.length - 1] : list;
}

export function includes<T extends object>(list: CompactList<T>, member: T): boolean {
  return list === member || (Array.isArray(list) && list.includes(member));
}

/** A snapshot of the members. */
export function membersOf<T extends object>(list: CompactList<T>): T[] {
  if (list === undefined) return [];
  return Array.isArray(list) ? [...list] : [list];
}

/** Adds a member. @returns the new list, which replaces the given one */
export function withAdded<T extends object>(list: CompactList<T>, member: T): CompactList<T> {
  if (list === undefined) return member;
  if (!Array.isArray(list)) return [list, member];
  list.push(member);
  return list;
}

/**
 * Removes a member. Cheap for the only or the last member.
 * @returns the new list, which replaces the given one
 */
export function without<T extends object>(list: CompactList<T>, member: T): CompactList<T> {
  if (list === member) return undefined;
  if (!Array.isArray(list)) return list;
  const at = list.lastIndexOf(member);
  if (at >= 0) list.splice(at, 1);
  return list.length === 0 ? undefined : list;
}

/** Removes the first member. @returns the new list, which replaces the given one */
export function withoutFirst<T extends object>(list: CompactList<T>): CompactList<T> {
  if (!Array.isArray(list)) return undefined;
  list.shift();
  return list.length === 0 ? undefined : list;
}
