import { clip, messageOf } from '@drumline/model';
import { Code, type Text } from '../code/code.js';
import { isObject, listOf, objectOf, parseJsonText, textOf, type JsonObject } from '../source/json-text.js';
import { throwProblems } from '../source/problems.js';
import type { FormPart, RecordedBody, RecordedRequest, RecordedResponse } from '../recording/recorded.js';

/**
 * One exchange of a recording in the HTTP Archive format 1.2
 * (http://www.softwareishard.com/blog/har-12-spec/).
 */
export interface HarEntry extends RecordedRequest {
  readonly response: RecordedResponse;
  /** URL of a redirect, possibly relative; empty for other responses. */
  readonly location: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** Id of the page that it belongs to; empty if unknown. */
  readonly page: string;
  /** Chrome's resource type: document, xhr, fetch, script, …; empty for other recorders. */
  readonly kind: string;
  /** `HTTP/1.1`, `h2` or `h3`; empty if unknown. */
  readonly httpVersion: string;
}

export interface Har {
  /** The program that recorded the file: `Firefox 140.0`. */
  readonly recorder: string;
  /** Entries by start time. */
  readonly entries: readonly HarEntry[];
  /** The entries that cannot be read, with the reasons: `entry 3: request.url is missing`. */
  readonly unreadable: readonly string[];
  /** Sentences on the entries that were read. */
  readonly notes: readonly string[];
}

export const HAR_HINT =
  "Export a HAR file from a browser's network tab (Save all as HAR), Playwright or mitmproxy.";

/**
 * Reads a HAR file. An entry that cannot be read does not affect the others.
 * @throws DrumlineError `usage` if the text is not a HAR file
 */
export function readHar(text: string, name: string): Har {
  let content: unknown;
  try {
    content = parseJsonText(text);
  } catch (error) {
    throwProblems(name, [messageOf(error)], HAR_HINT);
  }
  const log = objectOf(content)['log'];
  if (!isObject(log) || !Array.isArray(log['entries'])) {
    throwProblems(name, ['this is not a HAR file: log.entries is missing'], HAR_HINT);
    return { recorder: '', entries: [], unreadable: [], notes: [] };
  }
  const unreadable: string[] = [];
  const entries: HarEntry[] = [];
  const withoutTime: number[] = [];
  const unsendable: string[] = [];
  for (const [index, entry] of listOf(log['entries']).entries()) {
    const problems = problemsOf(entry);
    if (problems.length > 0) {
      unreadable.push(`entry ${index + 1}: ${problems.join(' and ')}`);
      continue;
    }
    const written = Date.parse(textOf(objectOf(entry)['startedDateTime']));
    if (Number.isNaN(written)) withoutTime.push(index + 1);
    // An entry without a start time starts when the previous one ends.
    const startedMs = Number.isNaN(written) ? (entries.at(-1)?.endedMs ?? 0) : written;
    const read = readEntry(entry as JsonObject, startedMs);
    entries.push({ ...read, headers: read.headers.filter(isSendable) });
    for (const [header] of read.headers.filter((one) => !isSendable(one))) {
      unsendable.push(`'${clip(header, LONGEST_URL)}' in entry ${index + 1}`);
    }
  }
  const { name: program, version } = objectOf(isObject(log['browser']) ? log['browser'] : log['creator']);
  return {
    recorder:
      textOf(program) === 'WebInspector' ? 'Chrome' : [textOf(program), textOf(version)].join(' ').trim(),
    entries: entries.toSorted((one, other) => one.startedMs - other.startedMs),
    unreadable,
    notes: [
      ...notesOf(withoutTime, entries),
      ...(unsendable.length === 0
        ? []
        : [`Headers that cannot be sent were left out: ${unsendable.join(', ')}.`]),
    ],
  };
}

function notesOf(withoutTime: readonly number[], entries: readonly HarEntry[]): string[] {
  const isHttp3 = entries.some(({ httpVersion }) => /^(?:h3|http\/3)/i.test(httpVersion));
  return [
    ...(withoutTime.length === 0
      ? []
      : [
          `Entries without a start time stay in the order of the file: ${withoutTime.map((index) => `entry ${index}`).join(', ')}.`,
        ]),
    ...(isHttp3
      ? ['Some requests were recorded over HTTP/3. Drumline sends them over HTTP/2 or HTTP/1.1.']
      : []),
  ];
}

/** Why an entry cannot become a request; empty if it can. */
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

/** Whether a header is valid, or a pseudo-header of HTTP/2, such as `:path`. */
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

/** Characters of the longest body that becomes part of the scenario. */
const LONGEST_BODY = 100_000;

/** A text, or code for a text of the same length if it is long. */
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
    // Recorders write 0, -1 or nothing for an aborted request.
    status: Number(response['status']) || 0,
    mimeType: type === '' || type === 'x-unknown' ? valueOf(headers, 'content-type') : type,
    text: encoding === 'base64' ? Buffer.from(textOf(text), 'base64').toString() : textOf(text),
    cookies: Object.fromEntries(listed.length > 0 ? listed : setCookies(headers)),
  };
}

/** Cookies of `Set-Cookie` headers. Firefox puts several into one header, one per line. */
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
