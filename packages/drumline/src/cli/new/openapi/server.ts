import { listOf, objectOf, textOf, wordOf, type JsonObject } from '../json-text.js';
import type { ApiDocument } from './document.js';

/** A server as a description names it. */
export interface ApiServer {
  /** Empty if the description does not name a host, or if the host has an unknown name. */
  readonly origin: string;
  /** Without a slash at the end; empty for the root. */
  readonly path: string;
}

/** The server of a whole description. */
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

/** The first server that something names; undefined if it names none. */
export function firstServerOf(of: JsonObject): ApiServer | undefined {
  const [first] = listOf(of['servers']);
  return typeof objectOf(first)['url'] === 'string' ? readServer(first) : undefined;
}

/**
 * A server with its variables filled in: with their defaults, else the first value that is allowed.
 */
export function readServer(server: unknown): ApiServer {
  const { url, variables } = objectOf(server);
  return serverAt(
    textOf(url).replaceAll(/\{([^}]+)\}/g, (variable, name: string) => {
      const { default: usual, enum: choices } = objectOf(objectOf(variables)[name]);
      return wordOf(usual) || wordOf(listOf(choices)[0]) || variable;
    }),
  );
}

function serverAt(text: string): ApiServer {
  const url = text.startsWith('//') ? `https:${text}` : text;
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? [];
  // A variable without a value names no host.
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
