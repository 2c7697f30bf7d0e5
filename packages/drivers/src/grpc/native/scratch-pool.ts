const MIN_BYTES = 64 * 1024;
const MAX_BYTES = 1024 * 1024;
const MAX_BUFFERS = 16;

/**
 * Memory for messages that come in parts, used again: fresh memory costs more than what is done
 * with it.
 */
export class ScratchPool {
  readonly #free: Buffer[] = [];

  /** @returns memory of at least so many bytes */
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
