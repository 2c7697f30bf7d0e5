import { closest } from '@drumline/model';
import type { Field, Fields } from './schema.js';

/**
 * Adds the defaults to the given values, and lists every problem.
 * @param where the path of the values, '' for all
 */
export function withDefaults(
  fields: Fields,
  given: unknown,
  where: string,
  problems: string[],
): Record<string, unknown> {
  if (!isObject(given ?? {})) {
    problems.push(`${where === '' ? 'the values' : where} must be a map of values, not ${shown(given)}`);
    return {};
  }
  const entries = (given ?? {}) as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(entries))
    if (!Object.hasOwn(fields, key)) problems.push(unknownValue(join(where, key), key, fields));
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      checked(field, Object.hasOwn(entries, name) ? entries[name] : undefined, join(where, name), problems),
    ]),
  );
}

function checked(field: Field, given: unknown, where: string, problems: string[]): unknown {
  if (field.kind === 'group') return withDefaults(field.fields, given, where, problems);
  if (given === undefined || given === null) return field.default;
  const expected = expectation(field, given);
  if (expected !== undefined) problems.push(`${where} must be ${expected}, not ${shown(given)}`);
  return given;
}

/** What a field expects, if the value is not that. */
function expectation(field: Exclude<Field, { kind: 'group' }>, given: unknown): string | undefined {
  switch (field.kind) {
    case 'text':
      return textExpectation(field, given);
    case 'count':
      if (Number.isSafeInteger(given) && (given as number) >= field.min && (given as number) <= field.max)
        return;
      return `a whole number from ${field.min} to ${field.max}`;
    case 'flag':
      return typeof given === 'boolean' ? undefined : 'true or false';
    case 'list': {
      const isItem = field.items === 'text' ? isText : isObject;
      if (Array.isArray(given) && given.every(isItem)) return;
      return field.items === 'text' ? 'a list of strings' : 'a list of objects';
    }
    case 'map':
      if (isObject(given) && (field.entries === 'any' || Object.values(given).every(isText))) return;
      return field.entries === 'text' ? 'a map of strings' : 'a map';
  }
}

function textExpectation(
  { pattern, expects, choices }: Extract<Field, { kind: 'text' }>,
  given: unknown,
): string | undefined {
  if (!isText(given)) return expects ?? 'a string';
  if (choices !== undefined && !choices.includes(given)) {
    const meant = closest(given, choices);
    return `${choices.map((choice) => `'${choice}'`).join(' or ')}${meant === undefined ? '' : ` (did you mean '${meant}'?)`}`;
  }
  return pattern === undefined || pattern.test(given)
    ? undefined
    : (expects ?? `text like ${pattern.source}`);
}

function unknownValue(path: string, key: string, fields: Fields): string {
  const meant = closest(key, Object.keys(fields));
  const hint =
    meant === undefined ? `known values: ${Object.keys(fields).join(', ')}` : `did you mean ${meant}?`;
  return `${path}: there is no such value (${hint})`;
}

function join(where: string, key: string): string {
  return where === '' ? key : `${where}.${key}`;
}

function isText(given: unknown): given is string {
  return typeof given === 'string';
}

function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function shown(given: unknown): string {
  const json = JSON.stringify(given) ?? String(given);
  return typeof given === 'string' ? `'${given.slice(0, 80)}'` : json.slice(0, 80);
}
