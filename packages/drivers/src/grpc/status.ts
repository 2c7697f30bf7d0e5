import { GRPC_STATUS_NAMES, GrpcStatus } from '@drumline/model';

/** Status codes of gRPC: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const StatusCode = GrpcStatus;

export type StatusName = keyof typeof StatusCode;
export type StatusCode = (typeof StatusCode)[StatusName];

export function statusName(code: StatusCode): StatusName {
  return GRPC_STATUS_NAMES[code]!;
}

/**
 * @param text of `grpc-status`
 * @returns UNKNOWN for anything that is not a code
 */
export function readStatus(text: string): StatusCode {
  const code = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return code in GRPC_STATUS_NAMES ? (code as StatusCode) : StatusCode.UNKNOWN;
}

/**
 * The status for an HTTP status without a gRPC status:
 * https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function statusOfHttp(httpStatus: number): StatusCode {
  switch (httpStatus) {
    case 400:
      return StatusCode.INTERNAL;
    case 401:
      return StatusCode.UNAUTHENTICATED;
    case 403:
      return StatusCode.PERMISSION_DENIED;
    case 404:
      return StatusCode.UNIMPLEMENTED;
    case 429:
    case 502:
    case 503:
    case 504:
      return StatusCode.UNAVAILABLE;
    default:
      return StatusCode.UNKNOWN;
  }
}
