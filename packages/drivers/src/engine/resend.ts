import type { EngineRequest } from './contract.js';
import type { Failure } from './failure.js';

/** Whoever sends one of these twice gets what one of them gets: RFC 9110, section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** With one of these headers the server tells a second sending from a second request. */
const KEYS = new Set(['idempotency-key', 'x-idempotency-key']);
/** How the end of a connection is told that the server closed, in good order or not. */
const CLOSED = new Set(['CLOSED_EARLY', 'ECONNRESET', 'ECONNABORTED', 'EPIPE']);

/**
 * Whether a request may be sent again that met a kept connection which its server was closing: RFC
 * 9112, section 9.3.1. The server may have seen it.
 */
export function mayResend(request: EngineRequest): boolean {
  return isIdempotent(request) && isRepeatable(request);
}

/** Whether a body can be sent again. */
export function isRepeatable({ body }: EngineRequest): boolean {
  return body === undefined || body instanceof Uint8Array || body.repeatable === true;
}

/** Whether a failure says that the server closed the connection, and nothing else. */
export function isConnectionClosed({ code }: Failure): boolean {
  return CLOSED.has(code);
}

function isIdempotent({ method, headers }: EngineRequest): boolean {
  if (IDEMPOTENT.has(method)) return true;
  for (let i = 0; i < headers.length; i += 2) if (KEYS.has(headers[i]!.toLowerCase())) return true;
  return false;
}
