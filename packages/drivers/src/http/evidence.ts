import type { FailureEvidence } from '@drumline/model';
import type { EngineRequest } from '../engine/contract.js';
import type { HttpResponse } from './response.js';

/** Start of a body that is shown, in characters. */
const MAX_BODY = 1_000;
/** Headers that hold credentials. Their values are never shown. */
const CONFIDENTIAL = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key']);
const HIDDEN = '(hidden)';

/** Request and response of a failed call as text, without credentials. */
export function evidenceOf(request: EngineRequest, response: HttpResponse): FailureEvidence {
  const { method, origin, path, headers, body } = request;
  const pairs = Array.from(
    { length: headers.length / 2 },
    (_, i) => [headers[2 * i]!, headers[2 * i + 1]!] as const,
  );
  const sent = [`${method} ${origin}${path}`, ...lines(pairs), ...started(bodyOf(body))].join('\n');
  if (response.status === 0) return { request: sent };
  const { version, status, statusText } = response;
  const received = [
    `${version} ${status} ${statusText}`.trim(),
    ...lines(response.headers),
    ...started(textOf(response)),
  ];
  return { request: sent, response: received.join('\n') };
}

function lines(headers: Iterable<readonly [string, string]>): string[] {
  return [...headers].map(
    ([name, value]) => `${name}: ${CONFIDENTIAL.has(name.toLowerCase()) ? HIDDEN : value}`,
  );
}

function bodyOf(body: EngineRequest['body']): string {
  if (body === undefined) return '';
  return body instanceof Uint8Array ? printed(body) : '(a body that was generated while it was sent)';
}

/** Empty if the body was not kept, or cannot be decoded. */
function textOf(response: HttpResponse): string {
  try {
    return printed(response.bytes());
  } catch {
    return '';
  }
}

function printed(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * MAX_BODY));
  if (text.slice(0, MAX_BODY).includes('\0')) return `(${bytes.length} bytes that are not text)`;
  return text.length <= MAX_BODY ? text : `${text.slice(0, MAX_BODY)}…`;
}

/** A body, after an empty line. */
function started(body: string): string[] {
  return body === '' ? [] : ['', body];
}
