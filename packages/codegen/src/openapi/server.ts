import { listOf, objectOf, textOf, scalarTextOf, type JsonObject } from '../source/json-text.js';
import type { ApiDocument } from './document.js';

/** A server of an OpenAPI document. */
export interface ApiServer {
  /** Empty if the document has no host, or a host with an unset variable. */
  readonly origin: string;
  /** Path without a trailing slash; empty for the root. */
  readonly path: string;
}

/** The server of the document, for operations without their own. */
export function rootServerOf({ root, isSwagger }: ApiDocument): ApiServer {
  if (isSwagger) return swaggerServer(root);
  return firstServerOf(root) ?? { origin: '', path: '' };
}

function swaggerServer({ host, basePath, schemes }: JsonObject): ApiServer {
  const path = textOf(basePath);
  if (typeof host !== 'string') return serverAt(path);
  const known = listOf(schemes);
  return serverAt(`${known.includes('https') || known.length === 0 ? 'https' : 'http'}://${host}${path}`);
}

/** The first server of a document, path or operation; undefined if it has none. */
export function firstServerOf(of: JsonObject): ApiServer | undefined {
  const [first] = listOf(of['servers']);
  return typeof objectOf(first)['url'] === 'string' ? readServer(first) : undefined;
}

/** Reads a server object. Variables get their default, or their first allowed value. */
export function readServer(server: unknown): ApiServer {
  const { url, variables } = objectOf(server);
  return serverAt(
    textOf(url).replaceAll(/\{([^}]+)\}/g, (variable, name: string) => {
      const { default: usual, enum: choices } = objectOf(objectOf(variables)[name]);
      return scalarTextOf(usual) || scalarTextOf(listOf(choices)[0]) || variable;
    }),
  );
}

function serverAt(text: string): ApiServer {
  const url = text.startsWith('//') ? `https:${text}` : text;
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? [];
  // A host with an unset variable is unknown.
  const isWhole = authority !== '' && !/[{}]/.test(authority) && URL.canParse(url);
  if (!isWhole) return { origin: '', path: plainPath(url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')) };
  const { origin, pathname } = new URL(url);
  return { origin, path: plainPath(pathname) };
}

function plainPath(text: string): string {
  const [path = ''] = text.split(/[?#]/, 1);
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}
