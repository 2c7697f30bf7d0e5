import type { ResponseHead } from '../../engine/contract.js';
import type { RawMetadata } from '../contract.js';
import { readStatus, statusOfHttp, StatusCode } from '../status.js';
import { malformedCall, type Fault } from '../fault.js';

/** The response headers of a call, interpreted. */
export interface CallHead {
  readonly metadata: RawMetadata;
  /** The encoding of compressed messages. */
  readonly encoding: string;
  /**
   * Present if the peer is not a gRPC server: the fault to report, unless a status follows after
   * all.
   */
  readonly fault: Fault | undefined;
  /** Present if the headers already contain the status (Trailers-Only). */
  readonly status: CallStatus | undefined;
}

/** The status that the server sent. */
export interface CallStatus {
  readonly code: StatusCode;
  readonly message: string;
  readonly trailers: RawMetadata;
}

/** Headers of gRPC itself, which are not metadata. */
const OWN = new Set(['content-type', 'grpc-encoding', 'grpc-accept-encoding', 'grpc-status', 'grpc-message']);

/**
 * May have a format, as in `application/grpc+proto`, or parameters. Case does not matter (RFC 9110,
 * section 8.3.1).
 */
const GRPC_TYPE = /^application\/grpc(?=$|[+;\s])/i;

// Equal header blocks are one object, and most responses from a server are equal.
const heads = new WeakMap<ResponseHead, CallHead>();
const statuses = new WeakMap<readonly string[], CallStatus>();

export function readHead(head: ResponseHead): CallHead {
  let read = heads.get(head);
  if (read === undefined) {
    read = {
      metadata: metadataOf(head.rawHeaders),
      encoding: head.header('grpc-encoding') ?? 'identity',
      fault: faultOfHead(head),
      status: readTrailers(head.rawHeaders),
    };
    heads.set(head, read);
  }
  return read;
}

/** @returns undefined if they contain no status */
export function readTrailers(raw: readonly string[]): CallStatus | undefined {
  let status = statuses.get(raw);
  if (status === undefined) {
    const code = valueOf(raw, 'grpc-status');
    if (code === undefined) return undefined;
    status = {
      code: readStatus(code),
      message: decodePercent(valueOf(raw, 'grpc-message') ?? ''),
      trailers: metadataOf(raw),
    };
    statuses.set(raw, status);
  }
  return status;
}

/** The fault for a response that ended without a status. */
export function statusMissing(trailers: readonly string[]): Fault {
  // As RST_STREAM with NO_ERROR if nothing arrived; as the HTTP status 200 if only the status is
  // missing.
  const status = trailers.length === 0 ? StatusCode.INTERNAL : StatusCode.UNKNOWN;
  return malformedCall('STATUS_MISSING', 'no grpc-status', status);
}

function faultOfHead(head: ResponseHead): Fault | undefined {
  if (head.status !== 200) {
    const failure = {
      class: 'protocol',
      code: `HTTP_${head.status}`,
      message: `HTTP status ${head.status}`,
    } as const;
    return { status: statusOfHttp(head.status), failure };
  }
  const type = head.header('content-type');
  if (type !== undefined && GRPC_TYPE.test(type)) return undefined;
  const detail = type === undefined ? 'no content-type' : `content-type ${type}, not application/grpc`;
  return malformedCall('CONTENT_TYPE', detail, StatusCode.UNKNOWN);
}

function metadataOf(raw: readonly string[]): RawMetadata {
  const metadata: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    if (OWN.has(name)) continue;
    // Binary values may be joined and padded.
    const values = name.endsWith('-bin') ? raw[i + 1]!.split(',') : [raw[i + 1]!];
    for (const value of values)
      metadata.push(name, values.length > 1 || name.endsWith('-bin') ? bare(value) : value);
  }
  return Object.freeze(metadata);
}

function bare(base64: string): string {
  return base64.trim().replace(/=+$/, '');
}

function valueOf(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i < raw.length; i += 2) if (raw[i] === name) return raw[i + 1];
  return undefined;
}

/** Invalid percent-encoding is kept unchanged; invalid UTF-8 is replaced. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
