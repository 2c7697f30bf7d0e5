import { formatByteLimit, formatDuration, messageOf } from '@drumline/model';

/**
 * Why an exchange failed.
 * - `refused`: nothing listens, the host is unreachable, or the proxy denies access
 * - `reset`: the connection ended before the response was complete
 * - `timeout`: a limit of `Timeouts` passed; `code` names it
 * - `tls`: handshake or certificate
 * - `dns`: the host has no address
 * - `protocol`: the answer is not valid HTTP
 * - `local`: this machine ran out of files, ports or memory; the target is not at fault
 * - `invalid`: the request cannot be sent: a line break in a header, a body shorter than announced,
 *   …
 * - `aborted`: cancelled by the caller
 */
export type FailureClass =
  'refused' | 'reset' | 'timeout' | 'tls' | 'dns' | 'protocol' | 'local' | 'invalid' | 'aborted';

/**
 * A failure. Its message groups well: it contains no address, port or number that varies between
 * requests.
 */
export interface Failure {
  readonly class: FailureClass;
  /** Stable, for programs: `ECONNREFUSED`, `TIMEOUT_CONNECT`, `CERT_HAS_EXPIRED`, … */
  readonly code: string;
  readonly message: string;
  /** Details of this failure that the message leaves out, such as the address that refused. */
  readonly detail?: string;
}

export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'whole';

const TIMEOUT_WORDS: Record<TimeoutPhase, string> = {
  connect: 'connect timeout',
  headers: 'timeout waiting for the response',
  body: 'timeout inside the response',
  whole: 'timeout',
};

/** `timeout after 30s`, `connect timeout after 10s`, … */
export function timedOut(phase: TimeoutPhase, limitMs: number): Failure {
  return {
    class: 'timeout',
    code: `TIMEOUT_${phase.toUpperCase()}`,
    message: `${TIMEOUT_WORDS[phase]} after ${formatDuration(limitMs)}`,
  };
}

/** The server closed the connection cleanly, but before the response was complete. */
export function closedEarly(responseBegun: boolean): Failure {
  return responseBegun
    ? { class: 'reset', code: 'CLOSED_MID_RESPONSE', message: 'connection closed inside the response' }
    : { class: 'reset', code: 'CLOSED_EARLY', message: 'connection closed without a response' };
}

/**
 * The server closed a kept connection, usually because it was idle, and the request cannot be
 * resent.
 */
export const CLOSED_WHILE_IDLE: Failure = {
  class: 'reset',
  code: 'CLOSED_WHILE_IDLE',
  message: 'idle connection closed by the server as the request was sent',
};

/** The peer closed the connection while it was being opened. */
export const CLOSED_WHILE_OPENING: Failure = {
  class: 'reset',
  code: 'CLOSED_WHILE_OPENING',
  message: 'connection closed while it was being opened',
};

export function malformed(code: string, detail: string): Failure {
  return { class: 'protocol', code, message: `malformed response: ${detail}` };
}

/** A body that is kept exceeds its limit, measured as received. */
export function bodyTooLarge(maxBytes: number): Failure {
  return {
    class: 'protocol',
    code: 'BODY_TOO_LARGE',
    message: `the response's body is larger than ${bodyLimit(maxBytes)}`,
  };
}

/** `64 MiB (http.maxBodyBytes)`: the limit, and the setting that changes it. */
export function bodyLimit(maxBytes: number): string {
  return `${formatByteLimit(maxBytes)} (http.maxBodyBytes)`;
}

export function aborted(reason: string): Failure {
  return { class: 'aborted', code: 'ABORTED', message: reason };
}

/** A streamed request body does not have its announced length. */
export function lengthMismatch(which: 'more' | 'fewer', announcedBytes: number): Failure {
  return {
    class: 'invalid',
    code: 'CONTENT_LENGTH_MISMATCH',
    message: `the request's body has ${which} than the ${announcedBytes} bytes that were announced`,
  };
}

/** A streamed request body threw. */
export function bodyFailed(error: unknown): Failure {
  return {
    class: 'invalid',
    code: 'BODY_FAILED',
    message: `the request's body failed: ${messageOf(error)}`,
  };
}
