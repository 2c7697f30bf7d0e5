import protobuf from 'protobufjs';
import type { GrpcErrorDetail } from '../client/types.js';
import type { RawMetadata } from '../contract.js';
import type { GrpcSchema } from '../schema-contract.js';
import { messageDecoder } from './decoder.js';
import { ERROR_DETAILS_PROTO, STATUS_PROTO } from './protos/rpc.js';
import { rootOfTexts } from './protos/root-of-texts.js';

interface RpcStatus {
  readonly details: readonly { readonly type_url: string; readonly value: Uint8Array }[];
}

/** The trailer with a `google.rpc.Status`: https://google.aip.dev/193 */
const TRAILER = 'grpc-status-details-bin';

let standard: protobuf.Root | undefined;

/**
 * Decodes the rich details of an error: ErrorInfo, BadRequest, RetryInfo and others of google.rpc,
 * or messages of the schema. Details that cannot be decoded are left out, and the error is kept.
 */
export function errorDetailsOf(trailers: RawMetadata, schema?: GrpcSchema): GrpcErrorDetail[] {
  const at = trailers.findIndex((name, index) => index % 2 === 0 && name === TRAILER);
  if (at < 0) return [];
  standard ??= rootOfTexts(STATUS_PROTO, ERROR_DETAILS_PROTO);
  const status = attempt(standard.lookupType('google.rpc.Status'), Buffer.from(trailers[at + 1]!, 'base64'));
  return ((status as RpcStatus | undefined)?.details ?? []).map(({ type_url: url, value }) => {
    const type = url.slice(url.lastIndexOf('/') + 1);
    return { type, value: decode(type, value, schema) };
  });
}

function decode(typeName: string, bytes: Uint8Array, schema: GrpcSchema | undefined): object | undefined {
  const type = standard!.lookup(typeName, [protobuf.Type]);
  if (type instanceof protobuf.Type) return attempt(type, bytes);
  try {
    return schema?.decoder(typeName)?.(bytes);
  } catch {
    return undefined;
  }
}

function attempt(type: protobuf.Type, bytes: Uint8Array): object | undefined {
  try {
    return messageDecoder(type)(bytes);
  } catch {
    return undefined;
  }
}
