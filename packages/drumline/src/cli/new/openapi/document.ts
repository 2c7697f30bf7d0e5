import { messageOf } from '@drumline/model';
import { LineCounter, parseDocument } from 'yaml';
import { isObject, listOf, objectOf, parseJsonText, textOf, wordOf, type JsonObject } from '../json-text.js';
import { refuseProblems } from '../problems.js';

export const HINT = 'Use an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document, as JSON or YAML.';
/** What to do about references to other files. */
export const BUNDLE_HINT = 'Bundle them into one file first, for example with npx @redocly/cli bundle.';
const LONGEST_CHAIN = 20;
const MOST_PLACES = 10;

/** A `$ref` that cannot be followed. Only the operations that need it are left out. */
export class BrokenReference extends Error {
  constructor(
    message: string,
    readonly isInOtherFile: boolean,
  ) {
    super(message);
  }
}

/** The description of an API, with its references. */
export class ApiDocument {
  constructor(
    readonly root: JsonObject,
    /** Swagger 2.0, before it was called OpenAPI. */
    readonly isSwagger: boolean,
    /** What a reader should know of the text, in sentences. */
    readonly notes: readonly string[] = [],
  ) {}

  /**
   * An object itself or what its `$ref` leads to; an empty one if it is none. What stands beside a
   * `$ref` wins.
   * @throws BrokenReference if a `$ref` cannot be followed
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

  /** What a reference within the document points to (RFC 6901); undefined if there is nothing. */
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

/** @throws DrumlineError `usage` that lists everything that is wrong with the file */
export function readApiDocument(text: string, name: string): ApiDocument {
  const { root, notes } = parseText(text, name);
  const version = wordOf(root['openapi']) || wordOf(root['swagger']);
  const document = new ApiDocument(root, version.startsWith('2'), notes);
  const problems: string[] = [];
  if (!/^(?:3\.\d|2\.0|2$)/.test(version)) {
    problems.push(
      version === '' ? 'it has no version (openapi or swagger)' : `version ${version} is not supported`,
    );
  }
  if (Object.keys(objectOf(root['paths'])).length === 0) problems.push('it has no paths');
  refuseProblems(name, problems, HINT);
  return document;
}

function parseText(text: string, name: string): { root: JsonObject; notes: string[] } {
  const notes: string[] = [];
  let root: unknown;
  if (/^\uFEFF?\s*\{/.test(text)) {
    try {
      root = parseJsonText(text);
    } catch (error) {
      refuseProblems(name, [messageOf(error)], HINT);
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
    refuseProblems(
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
      // Aliases of aliases of aliases: a file of a kilobyte that would take gigabytes.
      refuseProblems(name, [messageOf(error)], HINT);
    }
  }
  if (!isObject(root)) refuseProblems(name, ['this is not an OpenAPI document'], HINT);
  return { root: objectOf(root), notes };
}

function decodePointer(key: string): string {
  let text = key;
  try {
    text = decodeURIComponent(key);
  } catch {
    // A percent sign that means itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The methods of a path that operations can have. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** The first of several examples, whether they are in a list or by name. */
export function firstExample(of: JsonObject): unknown {
  if (of['example'] !== undefined) return of['example'];
  if (of['x-example'] !== undefined) return of['x-example'];
  const { examples } = of;
  if (Array.isArray(examples)) return listOf(examples)[0];
  return objectOf(Object.values(objectOf(examples))[0])['value'];
}
