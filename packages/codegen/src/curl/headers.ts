import { Code, type Value } from '../code/code.js';
import { plainQuote } from '../code/literal.js';
import type { BodyDraft } from '../code/draft.js';
import { isJsonType } from '../recording/body.js';
import { baseType } from '../recording/headers.js';
import type { RecordedBody } from '../recording/recorded.js';
import { isSecret } from '../recording/secrets.js';
import type { CurlOptions } from './options.js';

type Values = { [name: string]: Value };

/** Headers that Drumline computes, and that scenarios cannot set. */
const COMPUTED = /^(?:content-length|transfer-encoding)$/;

/** A header of `undefined` removes Drumline's default. */
const LEFT_OUT = new Code('undefined');

/** The headers of a command that a person wrote. Headers with the same name become an array. */
export function writtenHeaders(options: CurlOptions, body: BodyDraft | undefined): Values {
  const values = new Map<string, string[]>();
  const removed = new Set<string>();
  for (const { name: written, value } of options.headers) {
    const name = written.toLowerCase();
    if (COMPUTED.test(name)) options.unsupported.push(`--header ${written}: ${value ?? ''}`);
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

/** A header value. curl sends UTF-8, and Drumline sends one byte per character, hence the code. */
function sendable(name: string, value: string): Value {
  const isPlain = /^[\t\x20-\x7e]*$/.test(value);
  if (isPlain || isSecret({ place: 'header', key: name, value })) return value;
  return new Code(`Buffer.from(${plainQuote(value)}).toString('latin1')`);
}

/** Headers that curl adds for a body, and Drumline does not. */
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

/** The content type, unless the body option sets it. */
function typeOf({ mimeType, parts }: RecordedBody, body: BodyDraft | undefined): string | undefined {
  if (mimeType === '' || parts !== undefined || body?.option === 'form') return undefined;
  return body?.option === 'json' && mimeType === 'application/json' ? undefined : mimeType;
}

/** Whether the body option sets this content type. */
function isOwnType(type: string, body: BodyDraft | undefined, options: CurlOptions): boolean {
  if (body?.option === 'multipart') {
    if (baseType(type) !== 'multipart/form-data') options.unsupported.push(`--header Content-Type: ${type}`);
    return true;
  }
  if (body?.option === 'json') return isJsonType(type) && type === 'application/json';
  return body?.option === 'form' && type === 'application/x-www-form-urlencoded';
}

/** Headers that Drumline sends by default. */
function hasDefault(name: string): boolean {
  return /^(?:accept|accept-encoding|user-agent)$/.test(name);
}
