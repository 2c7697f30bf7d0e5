import { messageOf } from '@drumline/model';
import { LineCounter, parseDocument } from 'yaml';
import { isObject, listOf, objectOf, parseJsonText, textOf, wordOf, type JsonObject } from '../json-text.js';
import { refuseProblems } from '../problems.js';

const HINT = 'Name an OpenAPI 3.0 or 3.1 or a Swagger 2.0 description, as JSON or YAML.';
const BUNDLE_HINT = 'Make one file of them first, for example with npx @redocly/cli bundle.';
const LONGEST_CHAIN = 20;

/** The description of an API, with its references. */
export class ApiDocument {
  constructor(
    readonly root: JsonObject,
    /** Swagger 2.0, before it was called OpenAPI. */
    readonly isSwagger: boolean,
  ) {}

  /** An object itself or what its `$ref` leads to; an empty one if it is none. What stands beside a `$ref` wins. */
  resolve(value: unknown): JsonObject {
    let found = objectOf(value);
    for (let hops = 0; typeof found['$ref'] === 'string' && hops < LONGEST_CHAIN; hops += 1) {
      const { $ref, ...beside } = found;
      found = { ...objectOf(this.at(textOf($ref))), ...beside };
    }
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
  const root = parseText(text, name);
  const version = wordOf(root['openapi']) || wordOf(root['swagger']);
  const document = new ApiDocument(root, version.startsWith('2'));
  const problems: string[] = [];
  if (!/^(?:3\.\d|2\.0|2$)/.test(version)) {
    problems.push(
      version === '' ? 'there is no version: neither openapi nor swagger' : `version ${version} is not known`,
    );
  }
  if (Object.keys(objectOf(root['paths'])).length === 0) problems.push('paths: there are none');
  const broken = brokenReferences(document);
  const isElsewhere = broken.some((problem) => problem.endsWith('another file'));
  refuseProblems(name, [...problems, ...broken], isElsewhere ? BUNDLE_HINT : HINT);
  return document;
}

function parseText(text: string, name: string): JsonObject {
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
    const problems = document.errors.map(({ message, pos: [start] }) => {
      const { line, col } = lines.linePos(start);
      return `line ${line}, column ${col}: ${message}`;
    });
    refuseProblems(name, problems, HINT);
    try {
      root = document.toJS();
    } catch (error) {
      // Aliases of aliases of aliases: a file of a kilobyte that would take gigabytes.
      refuseProblems(name, [messageOf(error)], HINT);
    }
  }
  if (!isObject(root)) refuseProblems(name, ['it is no description of an API'], HINT);
  return objectOf(root);
}

/** Data that may look like anything. */
const NOT_OURS = /^(?:example|examples|default|enum|const|x-.*)$/;

function brokenReferences(document: ApiDocument): string[] {
  const problems: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((one, index) => visit(one, `${path}/${index}`));
    if (!isObject(value)) return;
    const reference = value['$ref'];
    if (typeof reference === 'string' && !reference.startsWith('#')) {
      problems.push(`${path}: $ref '${reference}' is in another file`);
    } else if (typeof reference === 'string' && document.at(reference) === undefined) {
      problems.push(`${path}: $ref '${reference}' leads nowhere`);
    }
    for (const [key, inner] of Object.entries(value)) if (!NOT_OURS.test(key)) visit(inner, `${path}/${key}`);
  };
  visit(document.root, '#');
  return problems;
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
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

/** The first of several examples, whether they are in a list or by name. */
export function firstExample(of: JsonObject): unknown {
  if (of['example'] !== undefined) return of['example'];
  if (of['x-example'] !== undefined) return of['x-example'];
  const { examples } = of;
  if (Array.isArray(examples)) return listOf(examples)[0];
  return objectOf(Object.values(objectOf(examples))[0])['value'];
}
