import { malformed, type Failure } from '../engine/failure.js';

/** Error codes of streams and connections: RFC 9113, section 7. */
export const ErrorCode = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

export type ErrorName = keyof typeof ErrorCode;

const NAMES = Object.keys(ErrorCode) as readonly ErrorName[];

/**
 * The name of a code: `INTERNAL_ERROR` for 2. Codes without a name in any RFC become `UNKNOWN`, so
 * that failures group.
 */
function errorName(code: number): ErrorName | 'UNKNOWN' {
  return NAMES[code] ?? 'UNKNOWN';
}

/**
 * A violation of the protocol that ends the connection: RFC 9113, section 5.4.1. Thrown and caught
 * only in this directory.
 */
export class ConnectionError extends Error {
  /** @param detail what the peer did, without numbers that vary */
  constructor(
    readonly code: ErrorName,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** The failure for a violation of the protocol by the peer. */
export function protocolFailure(code: ErrorName, detail: string): Failure {
  return malformed(`H2_${code}`, detail);
}

/** The server reset the stream with RST_STREAM. */
export function streamReset(code: number): Failure {
  const name = errorName(code);
  return { class: 'reset', code: `H2_${name}`, message: `stream reset by the server (${name})` };
}

/** Whether a failure means that the server requires HTTP/1.1. */
export function requiresHttp11({ code }: Failure): boolean {
  return code === 'H2_HTTP_1_1_REQUIRED' || code === 'GOAWAY_HTTP_1_1_REQUIRED';
}

/** The server closed the connection with GOAWAY and an error. */
export function connectionEnded(code: number): Failure {
  const name = errorName(code);
  return { class: 'reset', code: `GOAWAY_${name}`, message: `connection closed by the server (${name})` };
}
