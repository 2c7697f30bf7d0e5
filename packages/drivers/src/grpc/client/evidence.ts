import type { FailureEvidence } from '@drumline/model';
import { evidenceText, headerPairs, printed } from '../../calls/evidence-text.js';
import type { GrpcEnd, RawMetadata } from '../contract.js';
import { statusName } from '../status.js';
import type { PreparedCall } from './prepared-call.js';

/**
 * Request, status, metadata and messages of a failed call as text, without credentials.
 * @param headers the initial metadata
 * @param count number of messages received
 * @param last the last of them, decoded or as bytes; undefined without one
 */
export function evidenceOf(
  { method, request, service }: PreparedCall,
  { status, message, trailers, sent }: GrpcEnd,
  headers: RawMetadata,
  count: number,
  last: object | Uint8Array | undefined,
): FailureEvidence {
  const body =
    request.message === undefined ? '(a stream of messages)' : shown(request.message, method.decodeRequest);
  const text = evidenceText(`${service.origin}${request.path}`, headerPairs(request.metadata), body);
  if (!sent) return { request: text };
  const name = statusName(status);
  const firstLine = message === '' || message === name ? name : `${name}: ${message}`;
  const received = last === undefined ? '' : shown(last, method.decode);
  const which = count > 1 ? `(the last of ${count} messages)\n` : '';
  return {
    request: text,
    response: evidenceText(firstLine, headerPairs([...headers, ...trailers]), which + received),
  };
}

/** A message in its JSON form, or as bytes if it cannot be decoded. */
function shown(message: object | Uint8Array, decode: ((bytes: Uint8Array) => object) | undefined): string {
  const isEncoded = message instanceof Uint8Array;
  try {
    if (!isEncoded) return printed(JSON.stringify(message));
    if (decode !== undefined) return printed(JSON.stringify(decode(message)));
  } catch {
    // Shown as bytes.
  }
  return isEncoded ? printed(message) : '(a message that has no JSON form)';
}
