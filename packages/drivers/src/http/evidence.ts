import type { FailureEvidence } from '@drumline/model';
import { evidenceText, headerPairs, printed } from '../calls/evidence-text.js';
import type { EngineRequest } from '../engine/contract.js';
import type { HttpResponse } from './response.js';

/** Request and response of a failed call as text, without credentials. */
export function evidenceOf(request: EngineRequest, response: HttpResponse): FailureEvidence {
  const { method, origin, path, headers, body } = request;
  const sent = evidenceText(`${method} ${origin}${path}`, headerPairs(headers), bodyOf(body));
  if (response.status === 0) return { request: sent };
  const { version, status, statusText } = response;
  const firstLine = `${version} ${status} ${statusText}`.trim();
  return { request: sent, response: evidenceText(firstLine, response.headers, textOf(response)) };
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
