import { isFields, type Text, type Value } from '../code/code.js';
import { isObject, listOf, objectOf, type JsonObject } from '../source/json-text.js';
import { isSecretName, type Secrets } from '../recording/secrets.js';
import { singular, wordsOf } from '../recording/words.js';
import { firstExample, type ApiDocument } from './document.js';
import { sampleNumber, sampleText } from './scalars.js';

/** Limits of a generated value: items of a list, levels of nesting, and values in total. */
const MOST_ITEMS = 100;
const MOST_LEVELS = 20;
const MOST_VALUES = 2_000;

/** Generates plausible values for schemas. */
export class Samples {
  /** Number of values that may still be generated for the current root value. */
  #left = MOST_VALUES;

  /** @param secrets supplies passwords, which cannot be generated */
  constructor(
    readonly document: ApiDocument,
    private readonly secrets: Secrets,
  ) {}

  /**
   * Generates a value for a schema. An example takes precedence. An object has its required
   * properties, or all properties if none is required.
   * @param name name of the parameter or property, used in generated texts
   * @param above the schemas and references that contain this one, to detect recursion
   * @returns undefined if the schema is recursive or a limit is reached
   */
  of(schema: unknown, name = '', above: readonly unknown[] = []): Value | undefined {
    if (above.length === 0) this.#left = MOST_VALUES;
    this.#left -= 1;
    const reference = objectOf(schema)['$ref'];
    const isRecursive =
      above.includes(schema) || (typeof reference === 'string' && above.includes(reference));
    if (isRecursive || above.length > 2 * MOST_LEVELS || this.#left < 0) return undefined;
    const within = [...above, schema, reference ?? schema];
    const resolved = mergeAllOf(this.document, schema);
    const given = givenBy(resolved);
    if (given !== undefined) return given;
    for (const choice of [...listOf(resolved['oneOf']), ...listOf(resolved['anyOf'])]) {
      const isNull = this.document.resolve(choice)['type'] === 'null';
      const sample = isNull ? undefined : this.of(choice, name, within);
      if (sample !== undefined)
        return isFields(sample) ? { ...this.#object(resolved, within), ...sample } : sample;
    }
    switch (typeOf(resolved)) {
      case 'object':
        return this.#object(resolved, within);
      case 'array':
        return this.#list(resolved, name, within);
      case 'integer':
      case 'number':
        return sampleNumber(resolved);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return this.#text(resolved, name);
    }
  }

  #object(schema: JsonObject, within: readonly unknown[]): { [key: string]: Value } {
    const required = listOf(schema['required']);
    const properties = Object.entries(objectOf(schema['properties']));
    const chosen = required.length > 0 ? properties.filter(([key]) => required.includes(key)) : properties;
    const fields = chosen.flatMap(([key, property]): [string, Value][] => {
      const { readOnly, deprecated } = this.document.resolve(property);
      const isLeftOut = readOnly === true || (deprecated === true && required.length === 0);
      const value = isLeftOut ? undefined : this.of(property, key, within);
      return value === undefined ? [] : [[key, value]];
    });
    return Object.fromEntries(fields);
  }

  #list({ items, minItems }: JsonObject, name: string, within: readonly unknown[]): Value {
    const count = Math.min(MOST_ITEMS, Math.max(1, Number(minItems ?? 1) || 1));
    const choices = listOf(this.document.resolve(items)['enum']);
    if (choices.length > 0) return choices.slice(0, count) as Value[];
    const before = this.#left;
    const item = this.of(items, singular(name), within);
    if (item === undefined) return [];
    const taken = before - this.#left;
    const length = Math.max(1, Math.min(count, 1 + Math.floor(this.#left / taken)));
    this.#left -= taken * (length - 1);
    return Array.from({ length }, () => item);
  }

  #text(schema: JsonObject, name: string): Text {
    const isSecret = isSecretName(name) || schema['format'] === 'password';
    return isSecret ? this.secrets.conceal(`<${name}>`, wordsOf(name)) : sampleText(schema, name);
  }
}

/** The example, default, constant or first enum value of a schema; undefined if there is none. */
export function givenBy(schema: JsonObject): Value | undefined {
  const given = firstExample(schema) ?? schema['default'] ?? schema['const'] ?? listOf(schema['enum'])[0];
  return given as Value | undefined;
}

/** The first type that is not null. Without a type, it is inferred from other keywords. */
function typeOf(schema: JsonObject): string {
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  const type = types.find((one) => one !== 'null') ?? types[0];
  if (type !== undefined) return type;
  if (isObject(schema['properties']) || isObject(schema['additionalProperties'])) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

/** Resolves a schema and merges its `allOf` into it. */
export function mergeAllOf(document: ApiDocument, schema: unknown): JsonObject {
  const all = partsOf(document, schema, new Set());
  const whole = all.pop() ?? {};
  if (all.length === 0) return whole;
  // Examples and defaults of a part do not apply to the whole.
  const {
    example: _one,
    examples: _more,
    default: _usual,
    ...shared
  } = Object.assign({}, ...all) as JsonObject;
  return {
    ...shared,
    ...whole,
    properties: Object.assign({}, ...[...all, whole].map((part) => objectOf(part['properties']))),
    required: [...new Set([...all, whole].flatMap((part) => listOf(part['required'])))],
  };
}

/**
 * The schemas in `allOf`, recursively, followed by the schema itself.
 * @param seen references that were already included, to end recursion
 */
function partsOf(document: ApiDocument, schema: unknown, seen: Set<string>): JsonObject[] {
  const reference = objectOf(schema)['$ref'];
  if (typeof reference === 'string') {
    if (seen.has(reference)) return [];
    seen.add(reference);
  }
  const resolved = document.resolve(schema);
  return [...listOf(resolved['allOf']).flatMap((part) => partsOf(document, part, seen)), resolved];
}
