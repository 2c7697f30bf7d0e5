import { objectOf, textOf } from '../json-text.js';
import type { Leaf } from '../correlation/leaves.js';
import { camelCase, wordsOf } from '../recording/words.js';
import { BrokenReference, type ApiDocument } from './document.js';
import { responseSchemaOf, type Operation } from './operation.js';
import { givenValue } from './parameters.js';
import { withAll } from './sample.js';

/** How one gets hold of the identifier that a path asks for: by creating what it identifies. */
export interface Resource {
  /** `petId` in `/pets/{petId}` */
  readonly parameter: string;
  /** `/pets/{petId}` */
  readonly path: string;
  readonly create: Operation;
  /** Whether the author of the API names one that is there already. */
  readonly isGiven: boolean;
  /** Where the identifier is in the response. */
  readonly leaf: Leaf;
}

/** The resources that an API lets its users create, those first that others lie below. */
export function resourcesOf(document: ApiDocument, operations: readonly Operation[]): Resource[] {
  const found = operations.flatMap((operation): Resource[] => {
    const [, collection = '', parameter = ''] = /^(.*)\/\{([^}]+)\}$/.exec(operation.path) ?? [];
    const create = operations.find(
      ({ method, path }) => method === 'POST' && path.replace(/\/$/, '') === collection,
    );
    const given = operation.parameters.find(({ name, in: place }) => name === parameter && place === 'path');
    const leaf = create && readableIdentifier(document, create, parameter);
    if (create === undefined || leaf === undefined) return [];
    const isGiven = given !== undefined && givenValue(document, given) !== undefined;
    return [{ parameter, path: operation.path, create, isGiven, leaf }];
  });
  const first = found.filter(({ path }, index) => found.findIndex((one) => one.path === path) === index);
  return first.toSorted((one, other) => one.path.length - other.path.length);
}

/**
 * The identifier in the response; undefined if there is none, or if the response cannot be read.
 */
function readableIdentifier(document: ApiDocument, create: Operation, parameter: string): Leaf | undefined {
  try {
    return identifierIn(document, create, parameter);
  } catch (error) {
    if (error instanceof BrokenReference) return undefined;
    throw error;
  }
}

/** The property of the response that is the identifier: of the same name, or `id`. */
function identifierIn(document: ApiDocument, create: Operation, parameter: string): Leaf | undefined {
  const schema = withAll(document, responseSchemaOf(document, create));
  const properties = objectOf(schema['properties']);
  const names = [parameter, camelCase(wordsOf(parameter)), 'id', wordsOf(parameter).at(-1) ?? 'id'];
  const key = names.find((name) => properties[name] !== undefined);
  if (key === undefined) return undefined;
  const isNumber = /^(?:integer|number)$/.test(textOf(document.resolve(properties[key])['type']));
  return { step: 0, at: [key], key, noun: '', value: isNumber ? 0 : '' };
}

/** The part of a path that a resource stands for is in every path below it, too. */
export function resourcesIn(path: string, resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => path === resource.path || path.startsWith(`${resource.path}/`));
}
