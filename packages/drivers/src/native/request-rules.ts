import type { EngineRequest } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** One-byte characters; tabs are the only control characters allowed. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const REQUEST_TARGET = /^[\x21-\x7e\x80-\xff]+$/;
/** Methods that announce the length of their body even if there is none: RFC 9110, section 8.6. */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** A request that cannot be sent with any version of HTTP. */
export class InvalidRequest extends Error {
  readonly failure: Failure;

  constructor(code: string, message: string) {
    super(message);
    this.failure = { class: 'invalid', code, message };
  }
}

/** @throws InvalidRequest if method or path cannot be sent */
export function checkTarget(method: string, path: string): void {
  if (!TOKEN.test(method)) throw new InvalidRequest('INVALID_METHOD', `'${method}' is not an HTTP method`);
  if (!REQUEST_TARGET.test(path)) {
    throw new InvalidRequest('INVALID_PATH', `the path '${path}' must be percent-encoded`);
  }
}

/** @throws InvalidRequest if the header cannot be sent, or only the engine may send it */
export function checkHeader(name: string, value: string): void {
  if (!TOKEN.test(name)) throw new InvalidRequest('INVALID_HEADER', `'${name}' is not a valid header name`);
  if (!FIELD_VALUE.test(value)) {
    const message = `the value of header ${name} must not contain control characters or characters beyond U+00FF`;
    throw new InvalidRequest('INVALID_HEADER', message);
  }
  if (name.toLowerCase() === 'transfer-encoding') {
    throw new InvalidRequest('INVALID_HEADER', 'remove the header transfer-encoding: Drumline sets it');
  }
}

/**
 * The value of `content-length`; undefined: none.
 * @param given the user's own header
 * @throws InvalidRequest if that is not the length of the body
 */
export function announcedBytes(
  { body, method }: EngineRequest,
  given: string | undefined,
): number | undefined {
  const bytes = body === undefined ? undefined : body instanceof Uint8Array ? body.length : body.lengthBytes;
  if (given !== undefined && given !== String(bytes ?? 0)) {
    const message = `content-length ${given} is not the length of the body: remove the header, and Drumline sets it`;
    throw new InvalidRequest('CONTENT_LENGTH_MISMATCH', message);
  }
  if (bytes !== undefined || body !== undefined) return bytes;
  return given !== undefined || METHODS_WITH_BODY.has(method) ? 0 : undefined;
}
