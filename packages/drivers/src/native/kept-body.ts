import { RecentBodies } from './recent-bodies.js';

/**
 * A body up to this size that arrives in one piece is kept as a string: cheap young garbage instead
 * of a Buffer.
 */
const SMALL_BYTES = 16 * 1024;
/** Limit on memory reserved in advance. The server's announced length may be wrong. */
const TRUSTED_BYTES = 16 * 1024 * 1024;
const BYTE_ORDER_MARK = '\u{FEFF}';

/** Shared by all connections of the process, because their targets are the same. */
const RECENT = new RecentBodies();
/** The last string found to be ASCII. Equal bodies are the same string. */
let lastAscii = '';

/**
 * A response body, copied out of the read buffer that all sockets share. A small complete one is a
 * string with one character per byte.
 */
export type KeptBody = string | GrowingBody;

/**
 * Appends bytes[start, end) to a body.
 * @param expectedBytes announced length of the whole; -1 if unknown
 */
export function keep(
  body: KeptBody | undefined,
  bytes: Buffer,
  start: number,
  end: number,
  expectedBytes: number,
): KeptBody {
  if (end - start === expectedBytes && expectedBytes <= SMALL_BYTES) return RECENT.textOf(bytes, start, end);
  const growing = body instanceof GrowingBody ? body : new GrowingBody();
  growing.add(bytes, start, end, expectedBytes);
  return growing;
}

export function bytesOf(body: KeptBody): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'latin1') : body.bytes;
}

/** The body decoded as UTF-8, without a byte order mark. */
export function textOf(body: KeptBody): string {
  if (typeof body === 'string' && isAscii(body)) return body;
  const bytes = bytesOf(body);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function isAscii(text: string): boolean {
  if (text === lastAscii) return true;
  if (Buffer.byteLength(text) !== text.length) return false;
  lastAscii = text;
  return true;
}

/** A body in one growing Buffer. */
class GrowingBody {
  #buffer = Buffer.alloc(0);
  #length = 0;

  add(bytes: Buffer, start: number, end: number, expectedBytes: number): void {
    const length = this.#length + end - start;
    this.#reserve(length, expectedBytes);
    bytes.copy(this.#buffer, this.#length, start, end);
    this.#length = length;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(length: number, expectedBytes: number): void {
    const room = this.#buffer.length;
    if (length <= room) return;
    const wanted = Math.max(length, room * 2, Math.min(expectedBytes, TRUSTED_BYTES));
    const grown = Buffer.allocUnsafeSlow(wanted);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
