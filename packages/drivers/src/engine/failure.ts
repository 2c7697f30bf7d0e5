import { formatBytes, formatDuration, messageOf } from '@drumline/model';

/**
 * Why an exchange brought no response.
 * - `refused`: nobody listens, the host cannot be reached, or the proxy does not let through
 * - `reset`: the connection ended before the response did
 * - `timeout`: a limit of `Timeouts` passed; `code` says which
 * - `tls`: handshake or certificate
 * - `dns`: the host has no address
 * - `protocol`: the answer is not HTTP
 * - `local`: this machine ran out of files, ports or memory: not the target's fault
 * - `invalid`: the request cannot be sent as it is (a line break in a header, a body shorter than announced, …)
 * - `aborted`: cancelled by the caller
 */
export type FailureClass =
  'refused' | 'reset' | 'timeout' | 'tls' | 'dns' | 'protocol' | 'local' | 'invalid' | 'aborted';

/** A failure in words that group well: the message holds no address, port or number that changes from one to the next. */
export interface Failure {
  readonly class: FailureClass;
  /** Stable, for programs: `ECONNREFUSED`, `TIMEOUT_CONNECT`, `CERT_HAS_EXPIRED`, … */
  readonly code: string;
  readonly message: string;
  /** What the message leaves out, of this one failure: the address that refused. */
  readonly detail?: string;
}

export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'whole';

const TIMEOUT_WORDS: Record<TimeoutPhase, string> = {
  connect: 'connect time-out',
  headers: 'time-out waiting for the response',
  body: 'time-out inside the response',
  whole: 'time-out',
};

/** `time-out after 30s`, `connect time-out after 10s`, … */
export function timedOut(phase: TimeoutPhase, limitMs: number): Failure {
  return {
    class: 'timeout',
    code: `TIMEOUT_${phase.toUpperCase()}`,
    message: `${TIMEOUT_WORDS[phase]} after ${formatDuration(limitMs)}`,
  };
}

/** The server closed the connection in good order, but too early. */
export function closedEarly(responseBegun: boolean): Failure {
  return responseBegun
    ? { class: 'reset', code: 'CLOSED_MID_RESPONSE', message: 'connection closed inside the response' }
    : { class: 'reset', code: 'CLOSED_EARLY', message: 'connection closed without a response' };
}

/**
 * A request that cannot be sent again met a kept connection that the server closed, for want of
 * requests as a rule.
 */
export const CLOSED_WHILE_IDLE: Failure = {
  class: 'reset',
  code: 'CLOSED_WHILE_IDLE',
  message: 'idle connection closed by the server as the request was sent',
};

/** The other side hung up before there was anything to send on. */
export const CLOSED_WHILE_OPENING: Failure = {
  class: 'reset',
  code: 'CLOSED_WHILE_OPENING',
  message: 'connection closed while it was being opened',
};

export function malformed(code: string, detail: string): Failure {
  return { class: 'protocol', code, message: `malformed response: ${detail}` };
}

/** A body that is kept is longer than the limit on it, as received. */
export function bodyTooLarge(maxBytes: number): Failure {
  return {
    class: 'protocol',
    code: 'BODY_TOO_LARGE',
    message: `the response's body is larger than ${bodyLimit(maxBytes)}`,
  };
}

/** `64 MiB (http.maxBodyBytes)`: the limit, and the setting that changes it. */
export function bodyLimit(maxBytes: number): string {
  return `${formatBytes(maxBytes)} (http.maxBodyBytes)`;
}

export function aborted(reason: string): Failure {
  return { class: 'aborted', code: 'ABORTED', message: reason };
}

/** A streamed body of a request with another length than announced. */
export function lengthMismatch(which: 'more' | 'fewer', announcedBytes: number): Failure {
  return {
    class: 'invalid',
    code: 'CONTENT_LENGTH_MISMATCH',
    message: `the request's body has ${which} than the ${announcedBytes} bytes that were announced`,
  };
}

/** A streamed body of a request threw. */
export function bodyFailed(error: unknown): Failure {
  return {
    class: 'invalid',
    code: 'BODY_FAILED',
    message: `the request's body failed: ${messageOf(error)}`,
  };
}
