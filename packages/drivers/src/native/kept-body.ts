/** Up to this many bytes, a body that comes in one piece is held as a string: cheap young garbage instead of a Buffer. */
const SMALL_BYTES = 16 * 1024;
/** Memory is taken ahead of what has come in only up to this much: the announced length is the server's word. */
const TRUSTED_BYTES = 16 * 1024 * 1024;
const BYTE_ORDER_MARK = '\u{FEFF}';
const NOTHING = new Uint8Array(0);

/** A response's body as it comes in, copied out of the memory that all sockets share. */
export class KeptBody {
  /** The whole body, one character for each byte. */
  #latin1: string | undefined;
  #buffer: Buffer | undefined;
  #length = 0;

  /** @param expectedBytes the announced length; -1 if there is none */
  add(bytes: Buffer, start: number, end: number, expectedBytes: number): void {
    if (end - start === expectedBytes && expectedBytes <= SMALL_BYTES) {
      this.#latin1 = bytes.toString('latin1', start, end);
      return;
    }
    const length = this.#length + end - start;
    this.#reserve(length, expectedBytes);
    bytes.copy(this.#buffer!, this.#length, start, end);
    this.#length = length;
  }

  get bytes(): Uint8Array {
    if (this.#latin1 !== undefined) return Buffer.from(this.#latin1, 'latin1');
    return this.#buffer?.subarray(0, this.#length) ?? NOTHING;
  }

  get text(): string {
    const latin1 = this.#latin1;
    if (latin1 !== undefined && Buffer.byteLength(latin1) === latin1.length) return latin1;
    const bytes = this.bytes;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  #reserve(length: number, expectedBytes: number): void {
    const room = this.#buffer?.length ?? 0;
    if (length <= room) return;
    const wanted = Math.max(length, room * 2, Math.min(expectedBytes, TRUSTED_BYTES));
    const grown = Buffer.allocUnsafeSlow(wanted);
    this.#buffer?.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
