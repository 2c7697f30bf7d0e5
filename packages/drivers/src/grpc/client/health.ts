import type { GrpcMethod } from '../schema-contract.js';
import type { HealthReply } from './types.js';

/** In the order of `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** Field 1, length-delimited: `string service = 1`. */
const SERVICE_TAG = 0x0a;
/** Field 1, varint: `ServingStatus status = 1`. */
const STATUS_TAG = 0x08;

/**
 * `grpc.health.v1.Health/Check`, encoded by hand. Its messages have one field each, and the user's
 * schema need not contain them. https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export const HEALTH_CHECK: GrpcMethod = {
  name: 'Check',
  path: '/grpc.health.v1.Health/Check',
  kind: 'unary',
  requestType: 'grpc.health.v1.HealthCheckRequest',
  responseType: 'grpc.health.v1.HealthCheckResponse',
  encode: encodeRequest,
  decode: decodeResponse,
};

function encodeRequest(message: { readonly service?: string }): Uint8Array {
  const name = Buffer.from(message.service ?? '');
  if (name.length === 0) return Buffer.alloc(0);
  if (name.length > 0x3fff) throw new TypeError('the name of the service must have at most 16,383 bytes');
  const length = name.length < 0x80 ? [name.length] : [0x80 | (name.length & 0x7f), name.length >> 7];
  return Buffer.concat([Buffer.from([SERVICE_TAG, ...length]), name]);
}

function decodeResponse(bytes: Uint8Array): HealthReply {
  const known = bytes.length === 2 && bytes[0] === STATUS_TAG ? STATUSES[bytes[1]!] : undefined;
  if (known !== undefined) return { status: known };
  if (bytes.length === 0) return { status: STATUSES[0] };
  throw new Error('the bytes are not a HealthCheckResponse');
}
