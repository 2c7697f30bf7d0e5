import type { Failure } from '../engine/failure.js';
import { ODDITIES, type Oddity } from '../engine/oddities.js';
import { COMMA, SPACE, TAB, ZERO } from './bytes.js';
import { FAULTS } from './faults.js';
import type { FieldReceiver } from './fields.js';

const CONTENT_LENGTH = Buffer.from('content-length', 'latin1');
const TRANSFER_ENCODING = Buffer.from('transfer-encoding', 'latin1');
const CONNECTION = Buffer.from('connection', 'latin1');
const KEEP_ALIVE = Buffer.from('keep-alive', 'latin1');
const CHUNKED = Buffer.from('chunked', 'latin1');
const IDENTITY = Buffer.from('identity', 'latin1');
const FIELDS = [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, KEEP_ALIVE];
const TIMEOUT = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9}(?:\.\d{1,9})?)(?!\d)/i;
/** A connection with a shorter idle limit is not worth keeping. */
const MIN_LIMIT_MS = 20;

/** What a head determines about the end of the body and the future of the connection. */
export class Framing implements FieldReceiver {
  /** The announced length; -1 without one. */
  contentLength = -1;
  chunked = false;
  /** `timeout` of the `keep-alive` header; undefined without one. */
  keepAliveLimitMs: number | undefined;
  /** A feature that other parsers may read differently. */
  oddity: Oddity | undefined;
  #close = false;
  #keepAlive = false;

  /**
   * @param old whether it is HTTP/1.0
   * @param strict whether to reject ambiguous framing
   */
  constructor(
    private readonly old: boolean,
    private readonly strict: boolean,
  ) {}

  /**
   * Whether the connection can be reused: RFC 9112, section 9.3. HTTP/1.0 must state it, and does
   * not support chunks (section 6.1).
   */
  get persistent(): boolean {
    return !this.#close && (!this.old || (this.#keepAlive && !this.chunked));
  }

  onField(bytes: Buffer, nameStart: number, colon: number, end: number): Failure | undefined {
    switch (colon - nameStart) {
      case 10:
        if (matches(bytes, nameStart, CONNECTION)) this.#connection(bytes, colon + 1, end);
        else if (matches(bytes, nameStart, KEEP_ALIVE)) this.#limit(bytes, colon + 1, end);
        return undefined;
      case 14:
        return matches(bytes, nameStart, CONTENT_LENGTH)
          ? this.#contentLength(bytes, colon + 1, end)
          : undefined;
      case 17:
        return matches(bytes, nameStart, TRANSFER_ENCODING)
          ? this.#transferEncoding(bytes, colon + 1, end)
          : undefined;
      default:
        return undefined;
    }
  }

  /** One number, or several equal ones, on one or more lines: RFC 9112, section 6.3. */
  #contentLength(bytes: Buffer, start: number, end: number): Failure | undefined {
    if (this.chunked) return this.#twoFramings();
    let at = start;
    for (;;) {
      at = skipSpace(bytes, at, end);
      const firstDigit = at;
      let length = 0;
      for (; at < end && isDigit(bytes[at]!); at++) {
        length = length * 10 + bytes[at]! - ZERO;
        if (length > Number.MAX_SAFE_INTEGER) return FAULTS.contentLength;
      }
      if (at === firstDigit) return FAULTS.contentLength;
      if (this.contentLength !== -1 && this.contentLength !== length) return FAULTS.contentLengths;
      this.contentLength = length;
      at = skipSpace(bytes, at, end);
      if (at === end) return undefined;
      if (bytes[at++] !== COMMA) return FAULTS.contentLength;
    }
  }

  /**
   * Codings other than `chunked` must be requested (RFC 9112, section 7.4) and would leave the body
   * encoded.
   */
  #transferEncoding(bytes: Buffer, start: number, end: number): Failure | undefined {
    if (!this.strict && isOnly(IDENTITY, bytes, start, end)) {
      this.oddity ??= ODDITIES.identity;
      return undefined;
    }
    if (!isOnly(CHUNKED, bytes, start, end) || this.chunked) return FAULTS.transferEncoding;
    this.chunked = true;
    return this.contentLength === -1 ? undefined : this.#twoFramings();
  }

  /** Chunks override the length, and the connection is not reused: RFC 9112, section 6.3. */
  #twoFramings(): Failure | undefined {
    if (this.strict) return FAULTS.twoFramings;
    this.contentLength = -1;
    this.#close = true;
    this.oddity = ODDITIES.twoFramings;
    return undefined;
  }

  #connection(bytes: Buffer, start: number, end: number): void {
    const at = skipSpace(bytes, start, end);
    if (end - at === KEEP_ALIVE.length && matches(bytes, at, KEEP_ALIVE)) {
      this.#keepAlive = true;
      return;
    }
    for (const option of bytes.toString('latin1', at, end).toLowerCase().split(',')) {
      const name = option.trim();
      if (name === 'close') this.#close = true;
      else if (name === 'keep-alive') this.#keepAlive = true;
    }
  }

  #limit(bytes: Buffer, start: number, end: number): void {
    const seconds = TIMEOUT.exec(bytes.toString('latin1', start, end))?.[1];
    if (seconds === undefined) return;
    this.keepAliveLimitMs = Math.floor(Number(seconds) * 1000);
    if (this.keepAliveLimitMs < MIN_LIMIT_MS) this.#close = true;
  }
}

/** Whether a header of this name affects framing. */
export function isFramingField(name: string): boolean {
  return FIELDS.some((field) => field.toString('latin1') === name.toLowerCase());
}

/** Whether a value equals the expected one exactly. */
function isOnly(expected: Buffer, bytes: Buffer, start: number, end: number): boolean {
  const at = skipSpace(bytes, start, end);
  return (
    end - at >= expected.length &&
    matches(bytes, at, expected) &&
    skipSpace(bytes, at + expected.length, end) === end
  );
}

/** @param expected a lower-case token: letters and dashes */
function matches(bytes: Buffer, start: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) {
    if ((bytes[start + i]! | 0x20) !== expected[i]) return false;
  }
  return true;
}

function skipSpace(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}
