import type { Random } from '../random.js';

/** Values that a careless check lets through. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  '0',
  '../../etc/passwd',
  'ab'.repeat(32),
  'x'.repeat(5_000),
  '\u0000\u001b[31m\ud800',
  [],
  [[[[]]]],
  {},
  { toString: 1, valueOf: null },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
];

/** A copy of a value of JSON with one to three changes somewhere inside. */
export function spoilJson(value: unknown, random: Random): unknown {
  const copy: { root: unknown } = { root: structuredClone(value) };
  for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
    const [holder, key] = random.pick(placesOf(copy));
    const kind = random.below(5);
    if (kind === 0 && key !== 'root') delete holder[key];
    else if (kind === 1) holder[key] = [holder[key], structuredClone(holder[key])];
    else if (kind === 2) holder[`${key}x`] = structuredClone(holder[key]);
    else holder[key] = structuredClone(random.pick(VALUES));
  }
  return copy.root;
}

type Place = [holder: Record<string, unknown>, key: string];

/** Every member at any depth. */
function placesOf(holder: Record<string, unknown>): Place[] {
  return Object.entries(holder).flatMap(([key, value]): Place[] => {
    const inside = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    return [[holder, key], ...placesOf(inside)];
  });
}
