/** Status codes of gRPC: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const StatusCode = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type StatusName = keyof typeof StatusCode;
export type StatusCode = (typeof StatusCode)[StatusName];

const NAMES = Object.keys(StatusCode) as StatusName[];

export function statusName(code: StatusCode): StatusName {
  return NAMES[code]!;
}

/**
 * @param text of `grpc-status`
 * @returns UNKNOWN for anything that is not a code
 */
export function readStatus(text: string): StatusCode {
  const code = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return code in NAMES ? (code as StatusCode) : StatusCode.UNKNOWN;
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
