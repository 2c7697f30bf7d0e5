import type { Text, Value } from '../code/code.js';
import type { Statement } from '../code/draft.js';
import { listOf, objectOf, textOf, type JsonObject } from '../source/json-text.js';
import { authWith, setCookie } from '../recording/authorization.js';
import type { Secrets } from '../recording/secrets.js';
import { wordsOf } from '../recording/words.js';
import { BrokenReference, type ApiDocument } from './document.js';
import type { Fields, Operation } from './operation.js';

/** The credentials that an API requires. */
export interface Security {
  readonly onStart: readonly Statement[];
  /** Headers of every request. */
  readonly headers: Fields;
  /** API keys in the query of an operation. */
  queryOf(operation: Operation): Fields;
}

/** Reads the first security requirement of each operation. Credentials become secrets. */
export function securityOf(
  document: ApiDocument,
  operations: readonly Operation[],
  secrets: Secrets,
): Security {
  const schemes = objectOf(
    document.isSwagger
      ? document.root['securityDefinitions']
      : objectOf(document.root['components'])['securitySchemes'],
  );
  const asked = (operation: Operation): string[] => {
    const alternatives = listOf(operation.spec['security'] ?? document.root['security']);
    return Object.keys(objectOf(alternatives.find((one) => Object.keys(objectOf(one)).length > 0)));
  };
  const onStart: Statement[] = [];
  let authorized = false;
  const headers: Fields = {};
  const inQuery = new Map<string, readonly [name: string, value: Text]>();
  for (const id of new Set(operations.flatMap(asked))) {
    const scheme = schemeOf(document, schemes[id]);
    const [type, name] = [textOf(scheme['type']), textOf(scheme['name'])];
    const key = (): Text => secrets.conceal(`<${name}>`, keyWords(name));
    if (type === 'apiKey' && scheme['in'] === 'header') headers[name] = key();
    else if (type === 'apiKey' && scheme['in'] === 'cookie') onStart.push(setCookie(name, key()));
    else if (type === 'apiKey') inQuery.set(id, [name, key()]);
    else if (!authorized) {
      authorized = true;
      onStart.push(authWith(credentials(type, textOf(scheme['scheme']), secrets)));
    }
  }
  const queryOf = (operation: Operation): Fields =>
    Object.fromEntries(
      asked(operation).flatMap((id) => [inQuery.get(id)].filter((entry) => entry !== undefined)),
    );
  return { onStart, headers, queryOf };
}

/** Resolves a security scheme. A broken reference is treated as a bearer token. */
function schemeOf(document: ApiDocument, scheme: unknown): JsonObject {
  try {
    return document.resolve(scheme);
  } catch (error) {
    if (error instanceof BrokenReference) return {};
    throw error;
  }
}

function credentials(type: string, scheme: string, secrets: Secrets): { [name: string]: Value } {
  const isBasic = type === 'basic' || scheme.toLowerCase() === 'basic';
  if (!isBasic) return { bearer: secrets.conceal('<token>', ['api', 'token']) };
  const username = secrets.conceal('<username>', ['api', 'username']);
  return { username, password: secrets.conceal('<password>', ['api', 'password']) };
}

function keyWords(name: string): string[] {
  const words = wordsOf(name).filter((word) => word !== 'x');
  return words.length === 1 ? ['api', ...words] : words;
}
