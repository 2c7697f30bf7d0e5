import { messageOf } from '@drumline/model';
import { bodyLimit, closedEarly, malformed, type Failure } from '../engine/failure.js';
import { codeOf, socketFailure } from '../engine/socket-errors.js';

/**
 * Thrown to user code if a connection did not open, or an expected message did not arrive. It is
 * already counted as failed.
 */
export class WsError extends Error {
  override readonly name = 'WsError';
  readonly code = 'DRUMLINE_WS_FAILED';

  constructor(
    /** `REQUEST /feed` */
    readonly what: string,
    /** As in the report: `status 403`, `connection closed (1006)`, … */
    readonly failure: string,
  ) {
    super(`${what}: ${failure}`);
  }
}

/** No connection was opened, so there is no handshake. */
export class DialError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Names why a connection did not open, except for a status other than 101. */
export function handshakeFailure(error: unknown): string {
  if (error instanceof DialError) return error.failure.message;
  const code = codeOf(error);
  if (messageOf(error) === 'socket hang up') return closedEarly(false).message;
  if (code.startsWith('HPE_')) {
    return malformed(code, messageOf(error).replace(/^Parse Error: /, '')).message;
  }
  // Problems that `ws` finds in the response have no code: 'Invalid Sec-WebSocket-Accept header', …
  if (code === 'UNKNOWN') return malformed(code, lowerFirst(messageOf(error))).message;
  return socketFailure(error).message;
}

/**
 * Names the problem of a frame or message from the server.
 * @param maxBytes the limit for a message
 */
export function frameFailure(error: unknown, maxBytes: number): string {
  if (codeOf(error) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' && maxBytes > 0)
    return `a message is larger than ${bodyLimit(maxBytes)}`;
  return `malformed message: ${lowerFirst(messageOf(error).replace(/^Invalid WebSocket frame: /, ''))}`;
}

/** `connection closed (1006)` */
export function closedWith(code: number): string {
  return `connection closed (${code})`;
}

/**
 * Whether a close by the server counts as a failure. Codes for a normal end do not (RFC 6455,
 * 7.4.1), nor do codes that only the application knows.
 */
export function isLoss(code: number): boolean {
  return code !== 1000 && code !== 1001 && code !== 1005 && code < 3000;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
