const MIN_BYTES = 64 * 1024;
const MAX_BYTES = 1024 * 1024;
const MAX_BUFFERS = 16;

/**
 * Reusable memory for messages that arrive in pieces. Fresh memory would cost more than their
 * processing.
 */
export class ScratchPool {
  readonly #free: Buffer[] = [];

  /** @returns memory of at least this many bytes */
  take(bytes: number): Buffer {
    const buffer = this.#free.at(-1);
    if (buffer === undefined || buffer.length < bytes) {
      return Buffer.allocUnsafeSlow(Math.max(MIN_BYTES, 2 ** Math.ceil(Math.log2(bytes))));
    }
    this.#free.pop();
    return buffer;
  }

  give(buffer: Buffer): void {
    if (this.#free.length === MAX_BUFFERS) this.#free.shift();
    if (buffer.length <= MAX_BYTES) this.#free.push(buffer);
  }
}
