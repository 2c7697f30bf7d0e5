import { objectOf, textOf } from '../source/json-text.js';
import type { Leaf } from '../correlation/leaves.js';
import { camelCase, wordsOf } from '../recording/words.js';
import { BrokenReference, type ApiDocument } from './document.js';
import { responseSchemaOf, type Operation } from './operation.js';
import { givenValue } from './parameters.js';
import { mergeAllOf } from './sample.js';

/** A resource whose id a path needs, and the operation that creates it. */
export interface Resource {
  /** Path parameter for the id: `petId` in `/pets/{petId}`. */
  readonly parameter: string;
  /** Path of the resource: `/pets/{petId}`. */
  readonly path: string;
  readonly create: Operation;
  /** Whether the document has an example id. Then users do not create the resource. */
  readonly hasExample: boolean;
  /** Location of the id in the response. */
  readonly leaf: Leaf;
}

/** The resources that the API can create. Parents come before their children. */
export function resourcesOf(document: ApiDocument, operations: readonly Operation[]): Resource[] {
  const found = operations.flatMap((operation): Resource[] => {
    const [, collection = '', parameter = ''] = /^(.*)\/\{([^}]+)\}$/.exec(operation.path) ?? [];
    const create = operations.find(
      ({ method, path }) => method === 'POST' && path.replace(/\/$/, '') === collection,
    );
    const given = operation.parameters.find(({ name, in: place }) => name === parameter && place === 'path');
    const leaf = create && readableIdentifier(document, create, parameter);
    if (create === undefined || leaf === undefined) return [];
    const hasExample = given !== undefined && givenValue(document, given) !== undefined;
    return [{ parameter, path: operation.path, create, hasExample, leaf }];
  });
  const first = found.filter(({ path }, index) => found.findIndex((one) => one.path === path) === index);
  return first.toSorted((one, other) => one.path.length - other.path.length);
}

/** Like `identifierIn`, but undefined if a reference in the response is broken. */
function readableIdentifier(document: ApiDocument, create: Operation, parameter: string): Leaf | undefined {
  try {
    return identifierIn(document, create, parameter);
  } catch (error) {
    if (error instanceof BrokenReference) return undefined;
    throw error;
  }
}

/** The id in the response: a property with the name of the parameter, or `id`. */
function identifierIn(document: ApiDocument, create: Operation, parameter: string): Leaf | undefined {
  const schema = mergeAllOf(document, responseSchemaOf(document, create));
  const properties = objectOf(schema['properties']);
  const names = [parameter, camelCase(wordsOf(parameter)), 'id', wordsOf(parameter).at(-1) ?? 'id'];
  const key = names.find((name) => properties[name] !== undefined);
  if (key === undefined) return undefined;
  const isNumber = /^(?:integer|number)$/.test(textOf(document.resolve(properties[key])['type']));
  return { step: 0, at: [key], key, noun: '', value: isNumber ? 0 : '' };
}

/** The resources of a path and of its parent paths. */
export function resourcesIn(path: string, resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => path === resource.path || path.startsWith(`${resource.path}/`));
}
