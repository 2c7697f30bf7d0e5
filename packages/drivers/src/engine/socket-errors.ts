import { messageOf } from '@drumline/model';
import type { Failure, FailureClass } from './failure.js';
import { tlsFailure } from './tls-errors.js';

const BY_CODE: Record<string, readonly [FailureClass, string]> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  EHOSTUNREACH: ['refused', 'host unreachable'],
  ENETUNREACH: ['refused', 'network unreachable'],
  EHOSTDOWN: ['refused', 'host down'],
  ECONNRESET: ['reset', 'connection reset'],
  EPIPE: ['reset', 'connection reset'],
  ECONNABORTED: ['reset', 'connection reset'],
  ETIMEDOUT: ['timeout', 'connection timed out'],
  EMFILE: ['local', 'too many open files on this worker (raise ulimit -n)'],
  ENFILE: ['local', 'too many open files on this worker'],
  EADDRNOTAVAIL: ['local', 'no free local port on this worker'],
  EADDRINUSE: ['local', 'no free local port on this worker'],
  ENOBUFS: ['local', 'no buffer space on this worker'],
  ENOMEM: ['local', 'no memory on this worker'],
};

/** Converts an error of `node:net` or `node:tls` into a failure. */
export function socketFailure(error: unknown): Failure {
  const code = codeOf(error);
  if (code === 'EADDRNOTAVAIL' && syscallOf(error) === 'bind') {
    return { class: 'local', code, message: 'an address of localAddresses does not belong to this worker' };
  }
  const failure = known(code);
  if (failure !== undefined) return withAddress(failure, error);
  return (
    tlsFailure(error, code) ?? {
      class: 'reset',
      code,
      message: `connection failed: ${plain(messageOf(error))}`,
    }
  );
}

/** Converts an error from the name lookup into a failure. */
export function lookUpFailure(error: unknown, host: string): Failure {
  const code = codeOf(error);
  const missing = code === 'ENOTFOUND' || code === 'EAI_NONAME' || code === 'EAI_NODATA';
  return (
    known(code) ?? {
      class: 'dns',
      code,
      message: missing ? `host not found: ${host}` : `name lookup failed: ${host} (${code})`,
    }
  );
}

function known(code: string): Failure | undefined {
  const words = BY_CODE[code];
  return words && { class: words[0], code, message: words[1] };
}

/** The `code` of a Node error. An AggregateError without a code has that of its first error. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'UNKNOWN';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
    return codeOf(error.errors[0]);
  return 'UNKNOWN';
}

/** Whether the error comes from a write to a connection that the peer has closed. */
export function isFailedWrite(error: unknown): boolean {
  const code = codeOf(error);
  return syscallOf(error) === 'write' && (code === 'EPIPE' || code === 'ECONNRESET');
}

/** Adds the address to which Node could not connect. */
function withAddress(failure: Failure, error: unknown): Failure {
  const one = typeof error === 'object' && error !== null ? firstOf(error) : undefined;
  if (one === undefined || !('address' in one) || !('port' in one)) return failure;
  const address = String(one.address);
  return { ...failure, detail: `${address.includes(':') ? `[${address}]` : address}:${String(one.port)}` };
}

/** The first error of an AggregateError, which holds one for each address that was tried. */
function firstOf(error: object): object {
  if (!('errors' in error) || !Array.isArray(error.errors)) return error;
  const [first] = error.errors as unknown[];
  return typeof first === 'object' && first !== null ? first : error;
}

function syscallOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'syscall' in error ? error.syscall : undefined;
}

/** Removes addresses and ports from a message so that equal failures group. */
function plain(message: string): string {
  return message.replace(/\s*(?:\[[0-9a-f:]+\]|\d+\.\d+\.\d+\.\d+|[0-9a-f]*::[0-9a-f:]*):\d+/gi, '').trim();
}
