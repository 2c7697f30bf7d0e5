import { messageOf } from '@drumline/model';
import type { GrpcMethod } from '../schema-contract.js';
import type { EncodedMessage } from './types.js';

/** A message that is already encoded. */
export class Encoded implements EncodedMessage {
  constructor(
    readonly type: string,
    readonly bytes: Uint8Array,
  ) {}
}

/** Bytes of deeply frozen messages. */
const FROZEN = new WeakMap<object, Encoded>();

/**
 * Encodes a message. The bytes of a deeply frozen message are cached.
 * @param label of the method, for messages
 * @throws TypeError if it is not a message of the type
 */
export function encodeMessage(method: GrpcMethod, message: unknown, label: string): Uint8Array {
  if (message instanceof Encoded) return bytesOf(message, method, label);
  if (typeof message !== 'object' || message === null) {
    throw new TypeError(`${label}: the message must be an object with fields of ${method.requestType}`);
  }
  const isFrozen = Object.isFrozen(message);
  const known = isFrozen ? FROZEN.get(message) : undefined;
  if (known?.type === method.requestType) return known.bytes;
  let bytes: Uint8Array;
  try {
    bytes = method.encode(message);
  } catch (error) {
    throw new TypeError(`${label}: ${messageOf(error)}`, { cause: error });
  }
  if (isFrozen && isDeeplyFrozen(message)) FROZEN.set(message, new Encoded(method.requestType, bytes));
  return bytes;
}

function bytesOf({ type, bytes }: Encoded, { requestType }: GrpcMethod, label: string): Uint8Array {
  if (type === requestType) return bytes;
  throw new TypeError(`${label}: the message must be encoded as ${requestType}, not as ${type}`);
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
