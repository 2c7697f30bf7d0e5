import type { Random } from './random.js';
import type { Message } from './samples.js';

/** Values of unexpected types. */
const ODD_VALUES: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1e9,
  1e15,
  2 ** 53,
  1.5,
  Number.NaN,
  Infinity,
  -Infinity,
  '',
  'x'.repeat(65_536),
  '\u001b[2J\u0000',
  [],
  [[[[]]]],
  {},
  new Date(0),
  Buffer.alloc(16),
  ['__proto__'],
];

const POISON_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'then', 'type'];

/** Paths of all values in a message. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...path, key],
    ...placesIn(inner, [...path, key]),
  ]);
}

/** A copy of a message with one value replaced by a value of another type. */
export function withOddValue(random: Random, message: Message): Message {
  return replaced(message, random.pick(placesIn(message)), random.pick(ODD_VALUES));
}

/** A copy with a key that would reach a prototype if it were copied carelessly. */
export function withPoison(random: Random, message: Message): Message {
  const copy = structuredClone(message);
  const holder = random.pick([copy, ...objectsIn(copy)]);
  const value = random.pick([{ polluted: true }, 'polluted', null, 1]);
  Object.defineProperty(holder, random.pick(POISON_KEYS), { value, enumerable: true, configurable: true });
  return copy;
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function replaced(message: Message, path: readonly string[], value: unknown): Message {
  const copy = structuredClone(message);
  let holder: Record<string, unknown> = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path.at(-1)!] = value;
  return copy;
}
