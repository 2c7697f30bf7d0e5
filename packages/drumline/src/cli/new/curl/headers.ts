import { Code, type Value } from '../code/code.js';
import { plainQuote } from '../code/literal.js';
import type { BodyDraft } from '../draft.js';
import { isJsonType } from '../recording/body.js';
import { baseType } from '../recording/headers.js';
import type { RecordedBody } from '../recording/recorded.js';
import { isSecret } from '../recording/secrets.js';
import type { CurlOptions } from './options.js';

type Values = { [name: string]: Value };

/** Headers that follow from the request, and that no scenario can set. */
const COMPUTED = /^(?:content-length|transfer-encoding)$/;

/** A header of `undefined` removes Drumline's default. */
const LEFT_OUT = new Code('undefined');

/** Headers that a person has written: all of them, several of one name as a list. */
export function writtenHeaders(options: CurlOptions, body: BodyDraft | undefined): Values {
  const values = new Map<string, string[]>();
  const removed = new Set<string>();
  for (const { name: written, value } of options.headers) {
    const name = written.toLowerCase();
    if (COMPUTED.test(name)) options.ignored.push(`--header ${written}: ${value ?? ''}`);
    else if (value === undefined) removed.add(name);
    else if (name !== 'content-type' || !isOwnType(value, body, options))
      values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries([
    ...[...removed].filter((name) => hasDefault(name)).map((name) => [name, LEFT_OUT]),
    ...[...values].map(([name, all]): [string, Value] => [
      name,
      all.length === 1 ? sendable(name, all[0]!) : all.map((value) => sendable(name, value)),
    ]),
  ]);
}

/**
 * A value as the UTF-8 that curl sends: headers are made of bytes, which are the characters of a
 * text here.
 */
function sendable(name: string, value: string): Value {
  const isPlain = /^[\t\x20-\x7e]*$/.test(value);
  if (isPlain || isSecret({ place: 'header', key: name, value })) return value;
  return new Code(`Buffer.from(${plainQuote(value)}).toString('latin1')`);
}

/** Headers that curl adds to a body automatically, and Drumline does not. */
export function bodyHeaders(
  { data, headers }: CurlOptions,
  body: BodyDraft | undefined,
  sent: RecordedBody | undefined,
): Values {
  if (sent === undefined) return {};
  const isWritten = (wanted: string): boolean => headers.some(({ name }) => name.toLowerCase() === wanted);
  const isJson = data.some(({ kind }) => kind === 'json');
  const type = isWritten('content-type') ? undefined : typeOf(sent, body);
  return {
    ...(isJson && !isWritten('accept') && { accept: 'application/json' }),
    ...(type !== undefined && { 'content-type': type }),
  };
}

/** The type, if the option for the body does not send it automatically. */
function typeOf({ mimeType, parts }: RecordedBody, body: BodyDraft | undefined): string | undefined {
  if (mimeType === '' || parts !== undefined || body?.option === 'form') return undefined;
  return body?.option === 'json' && mimeType === 'application/json' ? undefined : mimeType;
}

/** Whether the option for the body sends this type automatically. */
function isOwnType(type: string, body: BodyDraft | undefined, options: CurlOptions): boolean {
  if (body?.option === 'multipart') {
    if (baseType(type) !== 'multipart/form-data') options.ignored.push(`--header Content-Type: ${type}`);
    return true;
  }
  if (body?.option === 'json') return isJsonType(type) && type === 'application/json';
  return body?.option === 'form' && type === 'application/x-www-form-urlencoded';
}

/** Headers that Drumline sends by default. */
function hasDefault(name: string): boolean {
  return /^(?:accept|accept-encoding|user-agent)$/.test(name);
}
