import { isFields, type Text, type Value } from '../code/code.js';
import { isObject, listOf, objectOf, type JsonObject } from '../json-text.js';
import { isSecretName, type Secrets } from '../recording/secrets.js';
import { singular, wordsOf } from '../recording/words.js';
import { firstExample, type ApiDocument } from './document.js';
import { sampleNumber, sampleText } from './scalars.js';

/** More than a person would fill in: items of a list, levels of a value, values of a whole. */
const MOST_ITEMS = 100;
const MOST_LEVELS = 20;
const MOST_VALUES = 2_000;

/** Makes up values that schemas allow, as a person would fill in a form. */
export class Samples {
  /** How many values the one that is being made up may still take. */
  #left = MOST_VALUES;

  /** @param secrets provides the passwords, which cannot be generated */
  constructor(
    readonly document: ApiDocument,
    private readonly secrets: Secrets,
  ) {}

  /**
   * The author's own example, else the required properties, else all.
   * @param name of the parameter or property, used in generated texts
   * @param above schemas and references that this is part of: where one comes round to itself, it
   *   is cut off
   * @returns undefined where it is cut off
   */
  of(schema: unknown, name = '', above: readonly unknown[] = []): Value | undefined {
    if (above.length === 0) this.#left = MOST_VALUES;
    this.#left -= 1;
    const reference = objectOf(schema)['$ref'];
    const isRound = above.includes(schema) || (typeof reference === 'string' && above.includes(reference));
    if (isRound || above.length > 2 * MOST_LEVELS || this.#left < 0) return undefined;
    const within = [...above, schema, reference ?? schema];
    const resolved = withAll(this.document, schema);
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

/** The value that a schema itself gives: an example, default, constant or enum value. */
export function givenBy(schema: JsonObject): Value | undefined {
  const given = firstExample(schema) ?? schema['default'] ?? schema['const'] ?? listOf(schema['enum'])[0];
  return given as Value | undefined;
}

/** The first type that is not null; guessed where none is given. */
function typeOf(schema: JsonObject): string {
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  const type = types.find((one) => one !== 'null') ?? types[0];
  if (type !== undefined) return type;
  if (isObject(schema['properties']) || isObject(schema['additionalProperties'])) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

/** A schema, or what it refers to, together with all of its `allOf`. */
export function withAll(document: ApiDocument, schema: unknown): JsonObject {
  const all = partsOf(document, schema, new Set());
  const whole = all.pop() ?? {};
  if (all.length === 0) return whole;
  // An example of a part is none of the whole.
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
 * The schemas that one is made of, itself as the last.
 * @param seen references that are among them already, so that a schema made of itself ends
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
