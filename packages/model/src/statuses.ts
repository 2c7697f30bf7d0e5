import { formatCount } from './format-count.js';

/**
 * Status codes of gRPC by name: https://grpc.github.io/grpc/core/md_doc_statuscodes.html. In the
 * order of the codes, from 0.
 */
export const GrpcStatus = {
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

export const GRPC_STATUS_NAMES = Object.keys(GrpcStatus) as readonly (keyof typeof GrpcStatus)[];

/** Counts all statuses that are not codes, or beyond the limit of a series. */
export const OTHER_STATUS = 99;

/**
 * The number under which a status is counted: 0 to 16 for gRPC, 100 to 599 for HTTP, 1000 to 4999
 * for the close of a WebSocket. The ranges do not overlap, so a code needs no protocol.
 * @param status a number, or the name of a gRPC status
 * @returns `OTHER_STATUS` for anything else. Called for each request.
 */
export function statusCodeOf(status: number | string): number {
  if (typeof status === 'number') {
    const isHttp = status >= 100 && status <= 599;
    const isKnown = isHttp || (status >= 0 && status <= 16) || (status >= 1000 && status <= 4999);
    return isKnown && Number.isInteger(status) ? status : OTHER_STATUS;
  }
  return GRPC_CODES.get(status) ?? OTHER_STATUS;
}

const GRPC_CODES: ReadonlyMap<string, number> = new Map(Object.entries(GrpcStatus));

/** The most statuses that a line shows; reports have all of them. */
const MOST = 8;

/** Statuses that need no mention if all responses have them. */
const USUAL: ReadonlySet<string> = new Set(['200', 'OK']);

/**
 * Requests by status in a line: `200: 1,234 · 503: 2`.
 * @returns undefined if there are none, or all have the usual status
 */
export function describeStatuses(statuses: Readonly<Record<string, number>> = {}): string | undefined {
  const counted = Object.entries(statuses);
  if (counted.length === 0 || (counted.length === 1 && USUAL.has(counted[0]![0]))) return undefined;
  const most = counted.toSorted(([, a], [, b]) => b - a).slice(0, MOST);
  const shown = counted.filter((one) => most.includes(one));
  const more = counted.length - shown.length;
  const texts = shown.map(([status, requests]) => `${status}: ${formatCount(requests)}`);
  return [...texts, ...(more > 0 ? [`+${more} more`] : [])].join(' · ');
}

/** The text of a code in reports and labels: `200`, `UNAVAILABLE`, `1011`, or `other`. */
export function statusText(code: number): string {
  if (code === OTHER_STATUS) return 'other';
  return GRPC_STATUS_NAMES[code] ?? String(code);
}
