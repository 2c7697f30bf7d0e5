import { messageOf } from '@drumline/model';
import type { Value } from '../code/code.js';
import { listOf, objectOf, textOf, type JsonObject } from '../source/json-text.js';
import { isAction } from '../recording/task-name.js';
import { camelCase, singular, wordsOf } from '../recording/words.js';
import { BrokenReference, METHODS, type ApiDocument } from './document.js';
import { firstServerOf, type ApiServer } from './server.js';

/** One operation of an API. */
export interface Operation {
  readonly method: string;
  /** Path template: `/pets/{petId}`. */
  readonly path: string;
  readonly name: string;
  /** The first line of its summary or description. */
  readonly summary: string | undefined;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** Resolved parameters. Those of the operation replace those of its path. */
  readonly parameters: readonly JsonObject[];
  /** The whole operation object. */
  readonly spec: JsonObject;
  /** The server of the operation or its path; undefined for the server of the document. */
  readonly server: ApiServer | undefined;
}

/** An operation that is left out, and the reason. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** The operations of a document, in its order. */
export interface Operations {
  readonly found: readonly Operation[];
  readonly unreadable: readonly LeftOut[];
  /** Whether the document refers to other files. */
  readonly needsOtherFiles: boolean;
}

/** Reads all operations. One that cannot be read does not affect the others. */
export function operationsOf(document: ApiDocument): Operations {
  const found: Operation[] = [];
  const unreadable: LeftOut[] = [];
  let needsOtherFiles = false;
  const attempt = (name: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      needsOtherFiles ||= error instanceof BrokenReference && error.isInOtherFile;
      unreadable.push({ name, why: messageOf(error) });
    }
  };
  for (const [path, item] of Object.entries(objectOf(document.root['paths']))) {
    attempt(path, () => {
      const shared = document.resolve(item);
      for (const method of METHODS.filter((one) => shared[one] !== undefined)) {
        attempt(`${method.toUpperCase()} ${path}`, () =>
          found.push(readOperation(document, path, method, shared)),
        );
      }
    });
  }
  return { found, unreadable, needsOtherFiles };
}

function readOperation(
  document: ApiDocument,
  path: string,
  method: (typeof METHODS)[number],
  shared: JsonObject,
): Operation {
  const spec = document.resolve(shared[method]);
  return {
    method: method.toUpperCase(),
    path,
    name: nameOf(method, path, textOf(spec['operationId'])),
    summary: summaryOf(spec),
    tags: listOf(spec['tags']).map(String),
    deprecated: spec['deprecated'] === true,
    parameters: parametersOf(document, shared, spec),
    spec,
    server: firstServerOf(spec) ?? firstServerOf(shared),
  };
}

function parametersOf(document: ApiDocument, shared: JsonObject, spec: JsonObject): JsonObject[] {
  const byKey = new Map<string, JsonObject>();
  for (const parameter of [...listOf(shared['parameters']), ...listOf(spec['parameters'])]) {
    const resolved = document.resolve(parameter);
    byKey.set(`${textOf(resolved['in'])} ${textOf(resolved['name'])}`, resolved);
  }
  return [...byKey.values()];
}

/** The `operationId` in camel case. Without one, `getPet` for GET `/pets/{petId}`. */
function nameOf(method: string, path: string, operationId: string): string {
  if (operationId !== '') return camelCase(wordsOf(operationId));
  const parts = path.split('/').filter((part) => part !== '');
  const words = wordsOf(parts.findLast((part) => !part.startsWith('{')) ?? '');
  if (method === 'post' && isAction(words)) return camelCase(words);
  const one = (method !== 'get' || parts.at(-1)?.startsWith('{') === true) && words.length > 0;
  const verb =
    { get: 'get', post: 'create', put: 'update', patch: 'update', delete: 'delete' }[method] ?? method;
  return camelCase([verb, ...(one ? [...words.slice(0, -1), singular(words.at(-1)!)] : words)]);
}

function summaryOf(spec: JsonObject): string | undefined {
  const text = textOf(spec['summary']) || (textOf(spec['description']).split(/\n|(?<=\.)\s/)[0] ?? '');
  const plain = text.replaceAll(/[`*_]/g, '').trim();
  return plain === '' ? undefined : plain;
}

/** The JSON schema of a successful response; undefined if there is none. */
export function responseSchemaOf(document: ApiDocument, { spec }: Operation): unknown {
  const responses = Object.entries(objectOf(spec['responses']));
  const success =
    responses.find(([status]) => status.startsWith('2')) ??
    responses.find(([status]) => status === 'default');
  const response = document.resolve(success?.[1]);
  if (document.isSwagger) return response['schema'];
  const media = Object.entries(objectOf(response['content'])).find(([type]) => /[/+]json/.test(type));
  return objectOf(media?.[1])['schema'];
}

export type Fields = { [name: string]: Value };
