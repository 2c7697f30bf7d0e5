import { clip, messageOf } from '@drumline/model';
import { Code, isCode, type Text } from '../code/code.js';
import { isObject, listOf, objectOf, parseJsonText, textOf, type JsonObject } from '../json-text.js';
import { refuseProblems } from '../problems.js';
import type { FormPart, RecordedBody, RecordedRequest, RecordedResponse } from '../recording/recorded.js';

/**
 * One exchange of a recording in the HTTP Archive format 1.2
 * (http://www.softwareishard.com/blog/har-12-spec/).
 */
export interface HarEntry extends RecordedRequest {
  readonly response: RecordedResponse;
  /** Where the response redirects to. */
  readonly location: string;
  /** On the wall clock, milliseconds. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** The page that it belongs to, if the recorder knew. */
  readonly page: string;
  /** What Chrome calls it: document, xhr, fetch, script, …; else empty. */
  readonly kind: string;
  /** `HTTP/1.1`, `h2`, `h3`; empty if it is not known. */
  readonly httpVersion: string;
}

export interface Har {
  /** Program that recorded it: `Firefox 140.0`. */
  readonly recorder: string;
  /** In the order in which they were sent. */
  readonly entries: readonly HarEntry[];
  /** What keeps entries from being read, in words: `entry 3: request.url is missing`. */
  readonly problems: readonly string[];
  /** What a reader should know of entries that were read, in sentences. */
  readonly notes: readonly string[];
}

export const HAR_HINT =
  "Export a HAR file from a browser's network tab (Save all as HAR), Playwright or mitmproxy.";

/**
 * Reads each entry separately: one that cannot be read does not affect the others.
 * @throws DrumlineError `usage` if the file is not a HAR file at all
 */
export function readHar(text: string, name: string): Har {
  let content: unknown;
  try {
    content = parseJsonText(text);
  } catch (error) {
    refuseProblems(name, [messageOf(error)], HAR_HINT);
  }
  const log = objectOf(content)['log'];
  if (!isObject(log) || !Array.isArray(log['entries'])) {
    refuseProblems(name, ['this is not a HAR file: log.entries is missing'], HAR_HINT);
    return { recorder: '', entries: [], problems: [], notes: [] };
  }
  const problems: string[] = [];
  const entries: HarEntry[] = [];
  const timeless: number[] = [];
  const unsendable: string[] = [];
  const longBodies: string[] = [];
  for (const [index, entry] of listOf(log['entries']).entries()) {
    const found = problemsOf(entry);
    problems.push(...found.map((problem) => `entry ${index + 1}: ${problem}`));
    if (found.length > 0) continue;
    const written = Date.parse(textOf(objectOf(entry)['startedDateTime']));
    if (Number.isNaN(written)) timeless.push(index + 1);
    // Without a time, an entry follows the one before it.
    const startedMs = Number.isNaN(written) ? (entries.at(-1)?.endedMs ?? 0) : written;
    const read = readEntry(entry as JsonObject, startedMs);
    entries.push({ ...read, headers: read.headers.filter(isSendable) });
    for (const [header] of read.headers.filter((one) => !isSendable(one))) {
      unsendable.push(`'${clip(header, LONGEST_URL)}' in entry ${index + 1}`);
    }
    if (isCode(read.body?.text)) longBodies.push(`entry ${index + 1}`);
  }
  const { name: program, version } = objectOf(isObject(log['browser']) ? log['browser'] : log['creator']);
  return {
    recorder:
      textOf(program) === 'WebInspector' ? 'Chrome' : [textOf(program), textOf(version)].join(' ').trim(),
    entries: entries.toSorted((one, other) => one.startedMs - other.startedMs),
    problems,
    notes: [
      ...notesOf(timeless, entries),
      ...(unsendable.length === 0
        ? []
        : [`Headers that cannot be sent were left out: ${unsendable.join(', ')}.`]),
      ...(longBodies.length === 0
        ? []
        : [`Long bodies were replaced with text of the same length: ${longBodies.join(', ')}.`]),
    ],
  };
}

function notesOf(timeless: readonly number[], entries: readonly HarEntry[]): string[] {
  const isHttp3 = entries.some(({ httpVersion }) => /^(?:h3|http\/3)/i.test(httpVersion));
  return [
    ...(timeless.length === 0
      ? []
      : [
          `Entries without a start time stay in the order of the file: ${timeless.map((index) => `entry ${index}`).join(', ')}.`,
        ]),
    ...(isHttp3
      ? ['Some requests were recorded over HTTP/3. Drumline sends them over HTTP/2 or HTTP/1.1.']
      : []),
  ];
}

/** What keeps an entry from being read: all that a request needs. */
function problemsOf(entry: unknown): string[] {
  if (!isObject(entry)) return ['it is not an object'];
  const { request } = entry;
  if (!isObject(request)) return ['it has no request'];
  const [method, url] = [textOf(request['method']), textOf(request['url'])];
  return [
    ...(method === '' ? ['request.method is missing'] : []),
    ...(method !== '' && (!TOKEN.test(method) || method.toUpperCase() === 'CONNECT')
      ? [`request.method '${clip(method, LONGEST_URL)}' cannot be sent`]
      : []),
    ...(url === '' ? ['request.url is missing'] : []),
    ...(url !== '' && !URL.canParse(url) ? [`request.url '${clip(url, LONGEST_URL)}' is not a URL`] : []),
  ];
}

const LONGEST_URL = 80;

/** Names of methods and headers: RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether a header can be written again; those that begin with a colon are HTTP/2's own. */
function isSendable([name, value]: Headers[number]): boolean {
  return (TOKEN.test(name) || /^:[a-z]+$/.test(name)) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function readEntry(entry: JsonObject, startedMs: number): HarEntry {
  const [request, response] = [objectOf(entry['request']), objectOf(entry['response'])];
  const responseHeaders = readHeaders(response['headers']);
  return {
    method: textOf(request['method']).toUpperCase(),
    url: new URL(textOf(request['url'])),
    headers: readHeaders(request['headers']),
    body: readBody(request['postData']),
    response: readResponse(response, responseHeaders),
    location: textOf(response['redirectURL']) || valueOf(responseHeaders, 'location'),
    startedMs,
    endedMs: startedMs + Math.max(0, Number(entry['time']) || 0),
    page: textOf(entry['pageref']),
    kind: textOf(entry['_resourceType']),
    httpVersion: textOf(response['httpVersion']) || textOf(request['httpVersion']),
  };
}

type Headers = RecordedRequest['headers'];

function readHeaders(headers: unknown): Headers {
  return listOf(headers).map((header) => [
    textOf(objectOf(header)['name']),
    textOf(objectOf(header)['value']),
  ]);
}

function valueOf(headers: Headers, name: string): string {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function readBody(postData: unknown): RecordedBody | undefined {
  if (!isObject(postData)) return undefined;
  const parts = listOf(postData['params']).map((param): FormPart => {
    const { name, value, fileName, contentType } = objectOf(param);
    return {
      name: textOf(name),
      value: textOf(value),
      fileName: typeof fileName === 'string' ? fileName : undefined,
      contentType: typeof contentType === 'string' ? contentType : undefined,
    };
  });
  const body = { mimeType: textOf(postData['mimeType']), text: shortened(textOf(postData['text'])) };
  return parts.length > 0 ? { ...body, parts } : body;
}

/** Characters of a body that becomes part of the scenario. */
const LONGEST_BODY = 100_000;

/** A text, or code that makes another one of the same length. */
function shortened(text: string): Text {
  return text.length <= LONGEST_BODY ? text : new Code(`'x'.repeat(${text.length})`);
}

function readResponse(response: JsonObject, headers: Headers): RecordedResponse {
  const { mimeType, text, encoding } = objectOf(response['content']);
  const listed = listOf(response['cookies']).map((cookie): [string, string] => [
    textOf(objectOf(cookie)['name']),
    textOf(objectOf(cookie)['value']),
  ]);
  const type = textOf(mimeType);
  return {
    // An aborted request has 0 or -1, or nothing.
    status: Number(response['status']) || 0,
    mimeType: type === '' || type === 'x-unknown' ? valueOf(headers, 'content-type') : type,
    text: encoding === 'base64' ? Buffer.from(textOf(text), 'base64').toString() : textOf(text),
    cookies: Object.fromEntries(listed.length > 0 ? listed : setCookies(headers)),
  };
}

/** Firefox writes several into one header, on lines of their own. */
function setCookies(headers: Headers): [name: string, value: string][] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .flatMap(([, value]) => value.split('\n'))
    .map((cookie) => {
      const [pair = ''] = cookie.split(';');
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    });
}
