import type { Value } from '../code/code.js';
import { isObject, listOf, objectOf, textOf, type JsonObject } from '../json-text.js';
import { singular, wordsOf } from '../recording/words.js';
import { firstExample, type ApiDocument } from './document.js';

/** By format, as JSON Schema and OpenAPI name them. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'user@example.com',
  'idn-email': 'user@example.com',
  hostname: 'www.example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  byte: 'dGV4dA==',
  binary: 'content',
};

/**
 * A value that a schema allows, as a person would fill in a form: the author's own example, else the required
 * properties, else all.
 * @param name of the parameter or property, for texts that tell what they are
 * @param above references that this is part of: where a schema comes round to itself, it is cut off
 * @returns undefined where it is cut off
 */
export function sampleOf(
  document: ApiDocument,
  schema: unknown,
  name = '',
  above: readonly string[] = [],
): Value | undefined {
  const reference = objectOf(schema)['$ref'];
  if (typeof reference === 'string' && above.includes(reference)) return undefined;
  const within = typeof reference === 'string' ? [...above, reference] : above;
  const resolved = withAll(document, document.resolve(schema));
  const given =
    firstExample(resolved) ?? resolved['default'] ?? resolved['const'] ?? listOf(resolved['enum'])[0];
  if (given !== undefined) return given as Value;
  for (const choice of [...listOf(resolved['oneOf']), ...listOf(resolved['anyOf'])]) {
    const sample =
      document.resolve(choice)['type'] === 'null' ? undefined : sampleOf(document, choice, name, within);
    if (sample !== undefined) return merged(objectSample(document, resolved, within), sample);
  }
  switch (typeOf(resolved)) {
    case 'object':
      return objectSample(document, resolved, within);
    case 'array': {
      const count = Math.max(1, Number(resolved['minItems'] ?? 1));
      const choices = listOf(document.resolve(resolved['items'])['enum']);
      if (choices.length > 0) return choices.slice(0, count) as Value[];
      const item = sampleOf(document, resolved['items'], singular(name), within);
      return item === undefined ? [] : Array.from({ length: count }, () => item);
    }
    case 'integer':
    case 'number':
      return numberSample(resolved);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textSample(resolved, name);
  }
}

/** The first type that is not null; guessed where none is given. */
function typeOf(schema: JsonObject): string {
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  const type = types.find((one) => one !== 'null') ?? types[0];
  if (type !== undefined) return type;
  if (isObject(schema['properties']) || isObject(schema['additionalProperties'])) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

/** A schema together with all of its `allOf`. */
export function withAll(document: ApiDocument, schema: JsonObject): JsonObject {
  const parts = listOf(schema['allOf']).map((part) => withAll(document, document.resolve(part)));
  if (parts.length === 0) return schema;
  const all = [...parts, schema];
  return {
    ...Object.assign({}, ...parts),
    ...schema,
    properties: Object.assign({}, ...all.map((part) => objectOf(part['properties']))),
    required: all.flatMap((part) => listOf(part['required'])),
  };
}

function objectSample(
  document: ApiDocument,
  schema: JsonObject,
  within: readonly string[],
): { [key: string]: Value } {
  const properties = Object.entries(objectOf(schema['properties']));
  const required = listOf(schema['required']);
  const chosen = properties.filter(([key, property]) => {
    const { readOnly, deprecated } = document.resolve(property);
    return readOnly !== true && (required.length > 0 ? required.includes(key) : deprecated !== true);
  });
  return Object.fromEntries(
    chosen.flatMap(([key, property]) => {
      const value = sampleOf(document, property, key, within);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function merged(common: { [key: string]: Value }, choice: Value): Value {
  return isObject(choice) ? { ...common, ...(choice as { [key: string]: Value }) } : choice;
}

function numberSample({ minimum, exclusiveMinimum, maximum, multipleOf }: JsonObject): number {
  const step = Number(multipleOf ?? 1);
  // In OpenAPI 3.0 `exclusiveMinimum` says of `minimum` whether it is.
  const above =
    typeof exclusiveMinimum === 'number'
      ? exclusiveMinimum
      : exclusiveMinimum === true
        ? Number(minimum)
        : undefined;
  const least = above === undefined ? Number(minimum ?? step) : above + step;
  const value = Math.ceil(Math.max(least, Math.min(step, Number(maximum ?? step))) / step) * step;
  return maximum === undefined ? value : Math.min(value, Number(maximum));
}

function textSample({ format, minLength, maxLength }: JsonObject, name: string): string {
  const words = wordsOf(name);
  const known = FORMATS[textOf(format)] ?? (words.includes('email') ? FORMATS['email'] : undefined);
  const text = known ?? (words.length === 0 ? 'text' : words.join(' '));
  return text
    .padEnd(Number(minLength ?? 0), 'x')
    .slice(0, Number(maxLength ?? text.length + Number(minLength ?? 0)));
}
