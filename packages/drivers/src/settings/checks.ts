import { keyHint, messageOf, parseDuration, type PlanProblem } from '@drumline/model';

/**
 * Finds the problems of an untyped value.
 * @param where path of the value: `http.tls.ca`
 */
export type Check = (value: unknown, where: string) => PlanProblem[];

/** @param is whether the value is valid; a text is the problem */
export function must(is: (value: unknown) => boolean | string, what: string, hint?: string): Check {
  return (value, where) => {
    const verdict = is(value);
    if (verdict === true) return [];
    return [{ where, message: verdict === false ? `${shown(value)} ${what}` : verdict, hint }];
  };
}

export function oneOf(...values: readonly unknown[]): Check {
  return must((value) => values.includes(value), `is not one of ${values.map(shown).join(', ')}`);
}

export function count(least: number): Check {
  return must(
    (value) => Number.isInteger(value) && (value as number) >= least,
    `is not a whole number of at least ${least}`,
  );
}

export const flag: Check = must((value) => typeof value === 'boolean', 'is not a boolean: use true or false');

export const text: Check = must(
  (value) => typeof value === 'string' && (value !== '' || 'must not be empty'),
  'is not a string',
);

export const duration: Check = (value, where) => {
  try {
    parseDuration(value as string | number);
    return [];
  } catch (error) {
    return [{ where, message: messageOf(error) }];
  }
};

export function listOf(check: Check): Check {
  return (value, where) => {
    if (Array.isArray(value)) return value.flatMap((one, i) => check(one, `${where}[${i}]`));
    return [{ where, message: `${shown(value)} is not a list` }];
  };
}

/** One value or a list of values. */
export function some(check: Check): Check {
  return (value, where) => (Array.isArray(value) ? listOf(check) : check)(value, where);
}

/** An object with arbitrary keys. */
export function record(check: (value: unknown, where: string, name: string) => PlanProblem[]): Check {
  return (value, where) => {
    if (!isObject(value)) return [{ where, message: `${shown(value)} is not an object` }];
    return Object.entries(value).flatMap(([name, one]) => check(one, `${where}[${shown(name)}]`, name));
  };
}

/** An object with known keys, all optional. */
export function object<T>(checks: { readonly [K in keyof Required<T>]: Check }): Check {
  const known = new Map<string, Check>(Object.entries(checks));
  return (value, where) => {
    if (!isObject(value)) return [{ where, message: `${shown(value)} is not an object` }];
    return Object.entries(value).flatMap(([name, one]) => {
      const check = known.get(name);
      if (check === undefined) return [unknown(name, where, known.keys())];
      return one === undefined ? [] : check(one, `${where}.${name}`);
    });
  };
}

/** An object of which some keys must be set. */
export function requiring(keys: readonly string[], check: Check): Check {
  return (value, where) => [
    ...check(value, where),
    ...(isObject(value)
      ? keys.filter((key) => (value as Record<string, unknown>)[key] === undefined)
      : []
    ).map((key) => ({ where, message: `${key} is missing` })),
  ];
}

/** @returns true, or the error message */
export function works(attempt: () => unknown): true | string {
  try {
    attempt();
    return true;
  } catch (error) {
    return messageOf(error);
  }
}

function unknown(name: string, where: string, known: Iterable<string>): PlanProblem {
  return { where: `${where}.${name}`, message: 'unknown setting', hint: keyHint(name, [...known]) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value for messages, shortened. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
