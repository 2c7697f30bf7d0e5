import { messageOf } from '@drumline/model';
import { LineCounter, parseDocument } from '@drumline/scenario/yaml-text';
import {
  isObject,
  listOf,
  objectOf,
  parseJsonText,
  textOf,
  scalarTextOf,
  type JsonObject,
} from '../source/json-text.js';
import { throwProblems } from '../source/problems.js';

export const HINT = 'Use an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document, as JSON or YAML.';
/** Hint for references to other files. */
export const BUNDLE_HINT = 'Bundle them into one file first, for example with npx @redocly/cli bundle.';
const LONGEST_CHAIN = 20;
const MOST_PLACES = 10;

/** A `$ref` that cannot be resolved. Operations that need it are left out. */
export class BrokenReference extends Error {
  constructor(
    message: string,
    readonly isInOtherFile: boolean,
  ) {
    super(message);
  }
}

/** An OpenAPI or Swagger document, which resolves its references. */
export class ApiDocument {
  constructor(
    readonly root: JsonObject,
    /** Whether the document is Swagger 2.0. */
    readonly isSwagger: boolean,
    /** Sentences on problems of the document. */
    readonly notes: readonly string[],
  ) {}

  /**
   * Resolves the `$ref` of an object. Properties next to a `$ref` take precedence.
   * @returns an empty object if the value is not an object
   * @throws BrokenReference if a `$ref` cannot be resolved
   */
  resolve(value: unknown): JsonObject {
    let found = objectOf(value);
    for (let hops = 0; typeof found['$ref'] === 'string' && hops < LONGEST_CHAIN; hops += 1) {
      const { $ref, ...beside } = found;
      found = { ...objectOf(this.#follow(textOf($ref))), ...beside };
    }
    return found;
  }

  #follow(reference: string): unknown {
    if (!reference.startsWith('#')) throw new BrokenReference(`$ref '${reference}' is in another file`, true);
    const found = this.at(reference);
    if (found === undefined) throw new BrokenReference(`$ref '${reference}' does not exist`, false);
    return found;
  }

  /** The value at a JSON pointer (RFC 6901); undefined if there is none. */
  at(reference: string): unknown {
    const keys = reference.replace(/^#\/?/, '').split('/');
    return keys
      .filter((key) => key !== '')
      .map((key) => decodePointer(key))
      .reduce<unknown>(
        (inner, key) => (Array.isArray(inner) ? inner[Number(key)] : objectOf(inner)[key]),
        this.root,
      );
  }
}

/**
 * Parses an OpenAPI or Swagger document.
 * @throws DrumlineError `usage` that lists all problems, if the text is not such a document
 */
export function readApiDocument(text: string, name: string): ApiDocument {
  const { root, notes } = parseText(text, name);
  const version = scalarTextOf(root['openapi']) || scalarTextOf(root['swagger']);
  const document = new ApiDocument(root, version.startsWith('2'), notes);
  const problems: string[] = [];
  if (!/^(?:3\.\d|2\.0|2$)/.test(version)) {
    problems.push(
      version === '' ? 'it has no version (openapi or swagger)' : `version ${version} is not supported`,
    );
  }
  if (Object.keys(objectOf(root['paths'])).length === 0) problems.push('it has no paths');
  throwProblems(name, problems, HINT);
  return document;
}

function parseText(text: string, name: string): { root: JsonObject; notes: string[] } {
  const notes: string[] = [];
  let root: unknown;
  if (/^\s*\{/.test(text)) {
    try {
      root = parseJsonText(text);
    } catch (error) {
      throwProblems(name, [messageOf(error)], HINT);
    }
  } else {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const place = ([start]: readonly number[]): string => {
      const { line, col } = lines.linePos(start ?? 0);
      return `line ${line}, column ${col}`;
    };
    const [twice, broken] = [true, false].map((isTwice) =>
      document.errors.filter(({ code }) => (code === 'DUPLICATE_KEY') === isTwice),
    );
    throwProblems(
      name,
      broken!.map(({ message, pos }) => `${place(pos)}: ${message}`),
      HINT,
    );
    if (twice!.length > 0) {
      const places = twice!.slice(0, MOST_PLACES).map(({ pos }) => place(pos));
      notes.push(`The document has duplicate keys. The last one is used: ${places.join('; ')}.`);
    }
    try {
      root = document.toJS();
    } catch (error) {
      // The parser rejects nested aliases that would expand to gigabytes.
      throwProblems(name, [messageOf(error)], HINT);
    }
  }
  if (!isObject(root)) throwProblems(name, ['this is not an OpenAPI document'], HINT);
  return { root: objectOf(root), notes };
}

function decodePointer(key: string): string {
  let text = key;
  try {
    text = decodeURIComponent(key);
  } catch {
    // A literal percent sign.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** HTTP methods of operations. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** The example of an object, or the first of its `examples`, which are a list or a map. */
export function firstExample(of: JsonObject): unknown {
  if (of['example'] !== undefined) return of['example'];
  if (of['x-example'] !== undefined) return of['x-example'];
  const { examples } = of;
  if (Array.isArray(examples)) return listOf(examples)[0];
  return objectOf(Object.values(objectOf(examples))[0])['value'];
}
