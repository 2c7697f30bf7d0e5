import type { EngineRequest } from './contract.js';
import type { Failure } from './failure.js';

/** Idempotent methods: RFC 9110, section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** These headers let the server recognize a resent request. */
const KEYS = new Set(['idempotency-key', 'x-idempotency-key']);
/** Codes of failures that mean the server closed the connection, cleanly or not. */
const CLOSED = new Set(['CLOSED_EARLY', 'ECONNRESET', 'ECONNABORTED', 'EPIPE']);

/**
 * Whether a request may be resent after its server closed the kept connection: RFC 9112, section
 * 9.3.1. The server may have processed it.
 */
export function mayResend(request: EngineRequest): boolean {
  return isIdempotent(request) && isRepeatable(request);
}

/** Whether the body can be sent again. */
export function isRepeatable({ body }: EngineRequest): boolean {
  return body === undefined || body instanceof Uint8Array || body.repeatable === true;
}

/** Whether a failure only means that the server closed the connection. */
export function isConnectionClosed({ code }: Failure): boolean {
  return CLOSED.has(code);
}

function isIdempotent({ method, headers }: EngineRequest): boolean {
  if (IDEMPOTENT.has(method)) return true;
  for (let i = 0; i < headers.length; i += 2) if (KEYS.has(headers[i]!.toLowerCase())) return true;
  return false;
}
