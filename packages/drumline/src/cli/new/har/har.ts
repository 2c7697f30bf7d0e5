import { messageOf } from '@drumline/model';
import { isObject, listOf, objectOf, parseJsonText, textOf, type JsonObject } from '../json-text.js';
import { refuseProblems } from '../problems.js';
import type { FormPart, RecordedBody, RecordedRequest, RecordedResponse } from '../recording/recorded.js';

/** One exchange of a recording in the HTTP Archive format 1.2 (http://www.softwareishard.com/blog/har-12-spec/). */
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
}

export interface Har {
  /** Program that recorded it: `Firefox 140.0`. */
  readonly recorder: string;
  /** In the order in which they were sent. */
  readonly entries: readonly HarEntry[];
}

/** @throws DrumlineError `usage` that lists everything that is wrong with the file */
export function readHar(text: string, name: string): Har {
  const hint =
    'Save a HAR file from the network tab of a browser (Save all as HAR), from Playwright or from mitmproxy.';
  let content: unknown;
  try {
    content = parseJsonText(text);
  } catch (error) {
    refuseProblems(name, [messageOf(error)], hint);
  }
  const log = objectOf(content)['log'];
  if (!isObject(log) || !Array.isArray(log['entries'])) {
    refuseProblems(name, ['it is no HAR file: there is no list log.entries'], hint);
    return { recorder: '', entries: [] };
  }
  const problems: string[] = [];
  const entries = listOf(log['entries']).flatMap((entry, index) => {
    const found = problemsOf(entry);
    problems.push(...found.map((problem) => `entry ${index + 1}: ${problem}`));
    return found.length === 0 ? [readEntry(entry as JsonObject)] : [];
  });
  refuseProblems(name, problems, hint);
  const { name: program, version } = objectOf(isObject(log['browser']) ? log['browser'] : log['creator']);
  return {
    recorder:
      textOf(program) === 'WebInspector' ? 'Chrome' : [textOf(program), textOf(version)].join(' ').trim(),
    entries: entries.toSorted((one, other) => one.startedMs - other.startedMs),
  };
}

function problemsOf(entry: unknown): string[] {
  if (!isObject(entry)) return ['it is no object'];
  const problems: string[] = [];
  const { request, response } = entry;
  if (!isObject(request)) problems.push('it has no request');
  else {
    if (textOf(request['method']) === '') problems.push('request.method is missing');
    if (textOf(request['url']) === '') problems.push('request.url is missing');
    else if (!URL.canParse(textOf(request['url'])))
      problems.push(`request.url '${textOf(request['url'])}' is no URL`);
  }
  if (!isObject(response)) problems.push('it has no response');
  else if (typeof response['status'] !== 'number') problems.push('response.status is no number');
  if (Number.isNaN(Date.parse(textOf(entry['startedDateTime'])))) problems.push('startedDateTime is no date');
  return problems;
}

function readEntry(entry: JsonObject): HarEntry {
  const [request, response] = [objectOf(entry['request']), objectOf(entry['response'])];
  const startedMs = Date.parse(textOf(entry['startedDateTime']));
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
  const body = { mimeType: textOf(postData['mimeType']), text: textOf(postData['text']) };
  return parts.length > 0 ? { ...body, parts } : body;
}

function readResponse(response: JsonObject, headers: Headers): RecordedResponse {
  const { mimeType, text, encoding } = objectOf(response['content']);
  const listed = listOf(response['cookies']).map((cookie): [string, string] => [
    textOf(objectOf(cookie)['name']),
    textOf(objectOf(cookie)['value']),
  ]);
  const type = textOf(mimeType);
  return {
    status: Number(response['status']),
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
