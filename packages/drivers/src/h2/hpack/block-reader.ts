import { ConnectionError } from '../errors.js';
import { huffmanDecode } from './huffman.js';

/**
 * This many bytes after the prefix hold every number below 2^28, far above any that is allowed
 * here.
 */
const MAX_MORE_BYTES = 4;
const NOTHING: Buffer = Buffer.alloc(0);

/** Reads the numbers and strings of a header block in order: RFC 7541, section 5. */
export class BlockReader {
  #bytes = NOTHING;
  #at = 0;
  #end = 0;

  open(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#at === this.#end;
  }

  /** The next byte, without consuming it. */
  peek(): number {
    if (this.#at === this.#end) throw truncated();
    return this.#bytes[this.#at]!;
  }

  /**
   * @throws ConnectionError if the block ends inside the number, or if the number is absurdly large
   */
  integer(prefixBits: number): number {
    const limit = (1 << prefixBits) - 1;
    let value = this.#next() & limit;
    if (value < limit) return value;
    for (let i = 0; i < MAX_MORE_BYTES; i++) {
      const byte = this.#next();
      value += (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    throw new ConnectionError('COMPRESSION_ERROR', 'a number too large in a header block');
  }

  /** @throws ConnectionError if the block ends inside the string, or if its coding is broken */
  string(): string {
    const coded = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    const start = this.#at;
    if (length > this.#end - start) throw truncated();
    this.#at += length;
    return coded
      ? huffmanDecode(this.#bytes, start, this.#at)
      : this.#bytes.toString('latin1', start, this.#at);
  }

  #next(): number {
    const byte = this.peek();
    this.#at++;
    return byte;
  }
}

function truncated(): ConnectionError {
  return new ConnectionError('COMPRESSION_ERROR', 'a header block that ends too early');
}
