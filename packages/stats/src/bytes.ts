/**
 * Numbers as varints: little-endian base 128, at most 8 bytes and at most 2^53 - 1. Texts are
 * UTF-8 after their length in bytes.
 */
const VARINT_MAX_BYTES = 8;

/** Collects bytes. Keeps its memory for the next use. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(4_096);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** @param value a whole number from 0 to 2^53 - 1 */
  varint(value: number): void {
    this.#reserve(VARINT_MAX_BYTES);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Writes the number of bytes, and the bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.varint(length);
    this.#reserve(length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Returns a copy of what was written, and starts again. */
  take(): Uint8Array {
    const taken = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Reads what a `ByteWriter` wrote. Bytes of other processes cannot make it read beyond the end. */
export class ByteReader {
  #buffer: Buffer | undefined;

  /**
   * @param at position of the next byte
   * @param end position after the last byte
   */
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  /** @throws RangeError at the end */
  byte(): number {
    if (this.at >= this.end) throw truncated();
    return this.bytes[this.at++]!;
  }

  /** @throws RangeError if there is no valid number */
  varint(): number {
    if (this.at < this.end) {
      const byte = this.bytes[this.at]!;
      if (byte < 0x80) {
        this.at++;
        return byte;
      }
    }
    return this.#longVarint();
  }

  /**
   * Reads a length, and checks that as many bytes follow.
   * @returns the position after these bytes
   * @throws RangeError if they do not
   */
  endOfBytes(): number {
    const length = this.varint();
    if (length > this.end - this.at) throw truncated();
    return this.at + length;
  }

  /** @throws RangeError if the text is not within the bytes */
  text(): string {
    const end = this.endOfBytes();
    const { buffer, byteOffset, length } = this.bytes;
    this.#buffer ??= Buffer.from(buffer, byteOffset, length);
    const text = this.#buffer.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  #longVarint(): number {
    let value = 0;
    let unit = 1;
    for (let length = 1; length <= VARINT_MAX_BYTES; length++) {
      if (this.at >= this.end) throw truncated();
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      unit *= 0x80;
    }
    throw new RangeError('malformed counts: a number beyond 2^53 - 1');
  }
}

function truncated(): RangeError {
  return new RangeError('malformed counts: truncated');
}
