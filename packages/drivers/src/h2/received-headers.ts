import { trimmed } from '../engine/whitespace.js';
import type { ResponseHead } from '../engine/contract.js';
import { ODDITIES, type Oddity } from '../engine/oddities.js';

/** Valid names: RFC 9110, section 5.1, without upper case: RFC 9113, section 8.2.1. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** What no value may hold, and what it may neither begin nor end with: RFC 9113, section 8.2.1. */
// oxlint-disable-next-line no-control-regex -- must match control characters
const UNUSUAL_IN_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;
// oxlint-disable-next-line no-control-regex -- must match control characters
const FORBIDDEN_IN_VALUE = /[\0\r\n]/;
/**
 * The message of a gRPC status. Servers on gRPC's C core send it with leading and trailing
 * whitespace, which are part of it.
 */
const GRPC_WORDS = 'grpc-message';
const STATUS = /^[1-9]\d\d$/;
const LENGTH = /^\d{1,15}$/;
/** Connection headers, which HTTP/2 forbids: RFC 9113, section 8.2.2. */
const CONNECTION_SPECIFIC = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of one block (final, interim or trailers), checked against the rules that apply to
 * all. Many responses may share it, because equal blocks mean the same.
 */
export class ReceivedHeaders implements ResponseHead {
  readonly version = 'h2';
  readonly statusText = '';
  /** 0 if absent, as in trailers. */
  readonly status: number = 0;
  readonly rawHeaders: readonly string[];
  /** Value of `content-length`; -1 if absent. */
  readonly contentLength: number = -1;
  /** A violation of the standard that was accepted. */
  readonly oddity: Oddity | undefined;

  /**
   * @param fields name, value, name, value, …
   * @param strict whether whitespace around a value is a fault; otherwise it is removed, as in curl
   *   and Go
   * @param fault what is wrong with them, so that the response is malformed: RFC 9113, section
   *   8.1.1
   */
  constructor(
    fields: readonly string[],
    strict = false,
    public readonly fault?: string,
  ) {
    let first = 0;
    for (; first < fields.length && fields[first]!.startsWith(':'); first += 2) {
      if (fields[first] !== ':status' || first > 0) this.fault = 'an unknown or repeated pseudo-header';
      else if (!STATUS.test(fields[first + 1]!)) this.fault = 'a status that is not a number of three digits';
      else this.status = Number(fields[first + 1]);
    }
    const raw = fields.slice(first);
    this.rawHeaders = raw;
    for (let i = first; i < fields.length; i += 2) {
      const name = fields[i]!;
      let value = fields[i + 1]!;
      if (!NAME.test(name)) this.fault ??= faultOfName(name);
      if (UNUSUAL_IN_VALUE.test(value)) {
        if (FORBIDDEN_IN_VALUE.test(value)) this.fault ??= 'a forbidden character in a header value';
        else if (name !== GRPC_WORDS) {
          if (strict) this.fault ??= 'a header value with whitespace around it';
          this.oddity = ODDITIES.valueWhitespace;
          raw[i - first + 1] = value = trimmed(value);
        }
      }
      if (CONNECTION_SPECIFIC.has(name)) this.fault ??= `the header ${name}, which HTTP/2 does not have`;
      if (name === 'content-length') {
        const length = LENGTH.test(value) ? Number(value) : NaN;
        if (this.contentLength !== -1 && this.contentLength !== length)
          this.fault ??= 'two different content-lengths';
        this.contentLength = length;
        if (Number.isNaN(length)) this.fault ??= 'a content-length that is not a length';
      }
    }
  }

  /** Whether it is a 1xx response, which precedes the final one. */
  get interim(): boolean {
    return this.status >= 100 && this.status < 200;
  }

  header(name: string): string | undefined {
    let joined: string | undefined;
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      if (this.rawHeaders[i] !== name) continue;
      const value = this.rawHeaders[i + 1]!;
      joined = joined === undefined ? value : `${joined}, ${value}`;
    }
    return joined;
  }
}

function faultOfName(name: string): string {
  if (name.startsWith(':')) return 'a pseudo-header after other headers';
  return NAME.test(name.toLowerCase())
    ? 'a header name in upper case'
    : 'a forbidden character in a header name';
}
