import { isFields, type Text, type Value } from '../code/code.js';
import { isObject, listOf, objectOf, type JsonObject } from '../json-text.js';
import { isSecretName, type Secrets } from '../recording/secrets.js';
import { singular, wordsOf } from '../recording/words.js';
import { firstExample, type ApiDocument } from './document.js';
import { sampleNumber, sampleText } from './scalars.js';

const DEEPEST_ALL_OF = 10;
/** More than a person would fill in. */
const MOST_ITEMS = 100;

/** Makes up values that schemas allow, as a person would fill in a form. */
export class Samples {
  /** @param secrets where passwords come from that nobody can make up */
  constructor(
    readonly document: ApiDocument,
    private readonly secrets: Secrets,
  ) {}

  /**
   * The author's own example, else the required properties, else all.
   * @param name of the parameter or property, for texts that tell what they are
   * @param above references that this is part of: where a schema comes round to itself, it is cut off
   * @returns undefined where it is cut off
   */
  of(schema: unknown, name = '', above: readonly string[] = []): Value | undefined {
    const reference = objectOf(schema)['$ref'];
    if (typeof reference === 'string' && above.includes(reference)) return undefined;
    const within = typeof reference === 'string' ? [...above, reference] : above;
    const resolved = withAll(this.document, this.document.resolve(schema));
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

  #object(schema: JsonObject, within: readonly string[]): { [key: string]: Value } {
    const required = listOf(schema['required']);
    const sample: { [key: string]: Value } = {};
    for (const [key, property] of Object.entries(objectOf(schema['properties']))) {
      const { readOnly, deprecated } = this.document.resolve(property);
      const isChosen = required.length > 0 ? required.includes(key) : deprecated !== true;
      const value = isChosen && readOnly !== true ? this.of(property, key, within) : undefined;
      if (value !== undefined) sample[key] = value;
    }
    return sample;
  }

  #list({ items, minItems }: JsonObject, name: string, within: readonly string[]): Value {
    const count = Math.min(MOST_ITEMS, Math.max(1, Number(minItems ?? 1) || 1));
    const choices = listOf(this.document.resolve(items)['enum']);
    if (choices.length > 0) return choices.slice(0, count) as Value[];
    const item = this.of(items, singular(name), within);
    return item === undefined ? [] : Array.from({ length: count }, () => item);
  }

  #text(schema: JsonObject, name: string): Text {
    const isSecret = isSecretName(name) || schema['format'] === 'password';
    return isSecret ? this.secrets.conceal(`<${name}>`, wordsOf(name)) : sampleText(schema, name);
  }
}

/** What a schema itself says to take. */
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

/** A schema together with all of its `allOf`. @param depth of schemas that are made of each other: one that is made of itself ends */
export function withAll(document: ApiDocument, schema: JsonObject, depth = 0): JsonObject {
  const parts =
    depth > DEEPEST_ALL_OF
      ? []
      : listOf(schema['allOf']).map((part) => withAll(document, document.resolve(part), depth + 1));
  if (parts.length === 0) return schema;
  const all = [...parts, schema];
  // An example of a part is none of the whole.
  const {
    example: _one,
    examples: _more,
    default: _usual,
    ...shared
  } = Object.assign({}, ...parts) as JsonObject;
  return {
    ...shared,
    ...schema,
    properties: Object.assign({}, ...all.map((part) => objectOf(part['properties']))),
    required: all.flatMap((part) => listOf(part['required'])),
  };
}
