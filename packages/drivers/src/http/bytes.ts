import type { BodyStream } from '../engine/contract.js';

/** A request body with its content type. */
export interface EncodedBody {
  readonly bytes: Uint8Array | BodyStream;
  readonly contentType?: string;
}

/**
 * The bytes of a body or a part of it.
 * @throws TypeError naming `what` if it is neither text nor bytes
 */
export function toBytes(content: string | Uint8Array, what: string): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  if (ArrayBuffer.isView(content)) return content;
  throw new TypeError(`${what} must be a string or a Uint8Array; for an object use json or form`);
}
