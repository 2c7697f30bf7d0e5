import { concat, isCode, type Text, type Value } from '../code/code.js';
import type { RecordedBody, RecordedRequest } from '../recording/recorded.js';
import { stepOf } from '../recording/read-step.js';
import type { Step } from '../recording/step.js';
import { isFromBrowser } from './browser.js';
import { cookiesFor } from './cookie-file.js';
import type { CommandFiles } from './files.js';
import { bodyHeaders, writtenHeaders } from './headers.js';
import type { CurlOptions } from './options.js';
import { keepsOrder, readPart } from './parts.js';
import { urlsOf, type RequestedUrl } from './urls.js';

const FORM = 'application/x-www-form-urlencoded';

/** Collaborators of the conversion of options to steps. */
export interface RequestParts {
  readonly files: CommandFiles;
  readonly problems: string[];
  /** Current time, seconds since the epoch. */
  readonly nowS: number;
}

/**
 * Converts a set of options to one step for each URL. Unsupported features are added to
 * `options.unsupported`.
 */
export function stepsOf(options: CurlOptions, parts: RequestParts): Step[] {
  const { files, problems } = parts;
  if (options.urls.length === 0) problems.push('it has no URL');
  const kinds = [options.data.length > 0, options.forms.length > 0, options.uploads.length > 0];
  if (kinds.filter(Boolean).length > 1) problems.push('it has several kinds of body');
  const body = bodyOf(options, files);
  return urlsOf(options, problems).map((asked) => stepFor(asked, body, options, parts));
}

function stepFor(
  { url, upload }: RequestedUrl,
  data: RecordedBody | undefined,
  options: CurlOptions,
  { files, nowS }: RequestParts,
): Step {
  const body = upload === undefined ? data : { mimeType: '', text: files.content(upload), isAsWritten: true };
  if (options.http2 && url.protocol === 'http:') options.unsupported.push('--http2 without TLS');
  for (const part of [...options.query.map(queryPart(files)), ...dataInQuery(options, body)])
    url.search += `${url.search === '' ? '?' : /[?&]$/.test(url.search) ? '' : '&'}${part}`;
  const sent = options.dataInQuery ? undefined : body;
  const cookie = cookieOf(url, options, files, nowS);
  const login = loginOf(url, options);
  const request: RecordedRequest = {
    method: methodOf(options, sent, upload),
    url,
    headers: [],
    body: sent && withType(sent, options),
  };
  const isCopied = isFromBrowser(options);
  const step = stepOf(
    isCopied ? { ...request, headers: sentHeaders(options, login) } : { ...request, headers: login },
  );
  if (isCopied) options.browserHeaders.push(...droppedHeaders(options, step));
  const { maxTimeS, maxRedirects, follows } = options;
  return {
    ...step,
    headers: {
      ...(isCopied ? step.headers : { ...step.headers, ...bodyHeaders(options, step.body, sent) }),
      ...(isCopied ? {} : writtenHeaders(options, step.body)),
      ...(isCopied && copiedCookie(options)),
      ...optionHeaders(options, cookie),
    },
    options: {
      ...(maxTimeS !== undefined && maxTimeS > 0 && { timeoutMs: maxTimeS * 1_000 }),
      ...(maxRedirects !== undefined && maxRedirects >= 0 && follows && { redirects: maxRedirects }),
      ...(!follows && !isCopied && { redirects: 0 }),
    },
  };
}

type Headers = RecordedRequest['headers'];

/** Names of the browser headers that are left out. */
function droppedHeaders({ headers }: CurlOptions, step: Step): string[] {
  return headers
    .map(({ name }) => name.toLowerCase())
    .filter((name) => !(name in step.headers) && !UNREPORTED.test(name));
}

/** Headers whose omission is not reported: other code sends them, or they describe the browser. */
const UNREPORTED =
  /^(?:authorization|content-type|content-length|cookie|accept|user-agent|connection|host|sec-.*)$/;

/** All headers, including those that browsers add. */
function sentHeaders({ headers }: CurlOptions, login: Headers): Headers {
  const written = headers.map(({ name, value }) => [name, value ?? ''] as const);
  return [...written, ...login];
}

function loginOf(url: URL, options: CurlOptions): Headers {
  if (options.headers.some(({ name }) => name.toLowerCase() === 'authorization')) return [];
  const login = options.user ?? userOf(url);
  if (options.digest) return login === undefined ? [] : [digestHeader(login)];
  if (options.bearer !== undefined) return [['authorization', `Bearer ${options.bearer}`]];
  return login === undefined ? [] : [basicHeader(login)];
}

function methodOf(
  { method, headOnly }: CurlOptions,
  body: RecordedBody | undefined,
  upload: string | undefined,
): string {
  if (method !== undefined && method !== '') return method;
  if (headOnly) return 'HEAD';
  if (upload !== undefined) return 'PUT';
  return body === undefined ? 'GET' : 'POST';
}

/** The `Cookie` header of a command copied from a browser. */
function copiedCookie({ headers }: CurlOptions): { [name: string]: Value } {
  const cookie = headers.findLast(({ name }) => name.toLowerCase() === 'cookie')?.value;
  return cookie === undefined ? {} : { cookie };
}

/** Headers that other options set. `--header` takes precedence. */
function optionHeaders(options: CurlOptions, cookie: string): { [name: string]: Value } {
  const isWritten = (wanted: string): boolean =>
    options.headers.some(({ name }) => name.toLowerCase() === wanted);
  const { userAgent, referer, range } = options;
  return {
    ...(cookie !== '' && !isWritten('cookie') && { cookie }),
    ...(userAgent !== undefined && !isWritten('user-agent') && { 'user-agent': userAgent }),
    ...(range !== undefined &&
      !isWritten('range') && { range: `bytes=${/^\d+$/.test(range) ? `${range}-` : range}` }),
    ...(referer !== undefined && referer !== '' && !isWritten('referer') && { referer }),
  };
}

/** The `Cookie` header: cookies of files, then those of the command line. */
function cookieOf(url: URL, { cookies }: CurlOptions, files: CommandFiles, nowS: number): string {
  const fromFiles = cookies
    .filter((text) => !text.includes('='))
    .map((path) => cookiesFor(url, files.textIfExists(path), nowS));
  return [...fromFiles, ...cookies.filter((text) => text.includes('='))]
    .filter((text) => text !== '')
    .join('; ');
}

function bodyOf(options: CurlOptions, files: CommandFiles): RecordedBody | undefined {
  const { data, forms } = options;
  if (forms.length > 0) {
    const parts = forms.flatMap(({ text, literal }) => readPart(text, literal, files, options.unsupported));
    if (!keepsOrder(parts)) options.unsupported.push('the order of form parts');
    return { mimeType: 'multipart/form-data', text: '', parts };
  }
  if (data.length === 0) return undefined;
  const isJson = data.some(({ kind }) => kind === 'json');
  const texts = data.map(({ kind, text }) => dataText(kind, text, files));
  if (texts.length > 1 && texts.some(isCode)) files.problems.push('a large file must be the whole body');
  const whole = concat(texts.flatMap((text, index) => [index === 0 || isJson ? '' : '&', text]));
  return { mimeType: isJson ? 'application/json' : FORM, text: whole };
}

/** Replaces curl's default content type by the given one. A removed header leaves no type. */
function withType(body: RecordedBody, { headers }: CurlOptions): RecordedBody {
  const header = headers.findLast(({ name }) => name.toLowerCase() === 'content-type');
  if (header === undefined || body.parts !== undefined) return body;
  if (header.value === undefined || header.value === '') return { ...body, mimeType: '', isAsWritten: true };
  return { ...body, mimeType: header.value };
}

function dataInQuery({ dataInQuery: wanted }: CurlOptions, body: RecordedBody | undefined): string[] {
  return wanted && body !== undefined && !isCode(body.text) ? [body.text] : [];
}

/** A value of `--url-query`. After a plus sign, the value is already encoded. */
function queryPart(files: CommandFiles): (text: string) => string {
  return (text) => (text.startsWith('+') ? text.slice(1) : urlEncoded(text, files));
}

function dataText(kind: CurlOptions['data'][number]['kind'], text: string, files: CommandFiles): Text {
  if (kind === 'urlencode') return urlEncoded(text, files);
  if (kind === 'raw' || !text.startsWith('@')) return text;
  const content = files.content(text.slice(1));
  return kind === 'data' && !isCode(content) ? content.replaceAll(/[\r\n\0]/g, '') : content;
}

/** Encodes `name=content`, `=content`, `content`, `@file` or `name@file`. */
function urlEncoded(text: string, files: CommandFiles): string {
  const [, name = '', mark = '', content = text] = /^([^=@]*)([=@])(.*)$/s.exec(text) ?? [];
  const read = mark === '@' ? files.text(content) : content;
  const encoded = encodeURIComponent(read.replaceAll(/\p{Cs}/gu, '\uFFFD')).replaceAll('%20', '+');
  return name === '' ? encoded : `${name}=${encoded}`;
}

function userOf({ username, password }: URL): string | undefined {
  return username === '' && password === ''
    ? undefined
    : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

/** A Digest header like that of a recording, but with the password. */
function digestHeader(login: string): readonly [string, string] {
  const [username = '', ...password] = login.split(':');
  return ['authorization', `Digest username="${username}", password="${password.join(':')}"`];
}

function basicHeader(login: string): readonly [string, string] {
  const text = login.includes(':') ? login : `${login}:`;
  return ['authorization', `Basic ${Buffer.from(text).toString('base64')}`];
}
