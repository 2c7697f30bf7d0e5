import { isCode } from '../code/code.js';
import { scalarTextOf } from '../source/json-text.js';
import type { HarEntry } from './har.js';
import type { Exchange } from './redirects.js';

/** Notes on cookies and authorization that the recording lacks. */
export function cookieNote(entries: readonly HarEntry[]): string[] {
  const all = entries
    .flatMap(({ headers }) => headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const);
  const isSession = (name: string): boolean => name === 'cookie' || name === 'authorization';
  const sets = entries.some(({ response }) => Object.keys(response.cookies).length > 0);
  if (
    !sets &&
    !all.some(([name]) => isSession(name)) &&
    entries.some(({ body }) => /passw/i.test(scalarTextOf(body?.text)))
  ) {
    return [
      'The recording has no cookies and no Authorization headers. Chrome exports them only with sensitive data.',
    ];
  }
  const known = new Set(entries.flatMap(({ response }) => Object.keys(response.cookies)));
  const sent = all.filter(([name]) => name === 'cookie').flatMap(([, value]) => value.split(';'));
  const unknown = new Set(sent.map((pair) => pair.split('=')[0]!.trim()).filter((name) => !known.has(name)));
  return unknown.size === 0
    ? []
    : [`The recording sends cookies that no recorded response sets: ${[...unknown].join(', ')}.`];
}

const MOST_LISTED = 10;

/** Notes on the entries that could not be read, with the reasons. */
export function unreadableNote(unreadable: readonly string[]): string[] {
  if (unreadable.length === 0) return [];
  const shown = unreadable.slice(0, MOST_LISTED);
  const more = unreadable.length - shown.length;
  return [
    `Left out because they cannot be read: ${shown.join('; ')}${more === 0 ? '' : `; and ${more} more`}.`,
  ];
}

/** The number of entries that could not be read: `2 unreadable entries`. */
export function unreadableCount({ length }: readonly string[]): string[] {
  return length === 0 ? [] : [`${length} unreadable ${length === 1 ? 'entry' : 'entries'}`];
}

/** Notes on bodies that were not recorded or that were replaced. Recorders omit large bodies. */
export function bodyNote(exchanges: readonly Exchange[]): string[] {
  const withoutBody = exchanges.filter(({ entry: { body, headers } }) => {
    const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
    const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
    const isEmpty = body === undefined || (body.text === '' && body.parts === undefined);
    return isEmpty && length !== '0' && (Number(length) > 0 || hasType);
  });
  const long = exchanges.filter(({ entry: { body } }) => isCode(body?.text));
  const names = (of: readonly Exchange[]): string =>
    of.map(({ entry: { method, url } }) => `${method} ${url.pathname}`).join(', ');
  return [
    ...(withoutBody.length === 0
      ? []
      : [`The recording lacks the bodies of these requests: ${names(withoutBody)}.`]),
    ...(long.length === 0
      ? []
      : [`Long bodies were replaced with the letter x, repeated to the same length: ${names(long)}.`]),
  ];
}
