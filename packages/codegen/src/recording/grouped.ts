import type { Value } from '../code/code.js';

/** Groups fields by name. A name with several values gets an array. */
export function grouped<T extends Value>(
  fields: readonly (readonly [name: string, value: T])[],
): { [name: string]: Value } {
  const groups = new Map<string, T[]>();
  for (const [name, value] of fields) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(
    [...groups].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}
