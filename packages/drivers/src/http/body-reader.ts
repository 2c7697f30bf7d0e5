import { createHash, type Hash } from 'node:crypto';
import type { Exchange } from '../engine/contract.js';

/** A reader that is this far behind stops the server. */
const HIGH_WATER_BYTES = 256 * 1024;

/** A response's body that is read, or hashed, while it comes in. */
export class BodyReader implements AsyncIterable<Uint8Array> {
  /** The reader has left before the end. */
  onLeave: () => void = () => {};
  /** Of the body as received, hexadecimal; when it is complete. */
  sha256: string | undefined;
  readonly #hash: Hash | undefined;
  readonly #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #taken = false;
  #wake: (() => void) | undefined;

  constructor(
    hashes: boolean,
    private readonly exchange: Exchange,
  ) {
    this.#hash = hashes ? createHash('sha256') : undefined;
  }

  /** The bytes are lent. */
  add(bytes: Uint8Array): void {
    if (this.#hash !== undefined) {
      this.#hash.update(bytes);
      return;
    }
    this.#pieces.push(Uint8Array.prototype.slice.call(bytes));
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.exchange.pause();
    }
    this.#wake?.();
  }

  /** @param error why the body is not whole */
  end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (error === undefined) this.sha256 = this.#hash?.digest('hex');
    this.#wake?.();
  }

  /** Pieces as they come in. Leaving early closes the connection. @throws Error if the body was read before, or breaks off */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    if (this.#taken) throw new Error('the body is already being read');
    this.#taken = true;
    try {
      for (;;) {
        const piece = this.#pieces.shift();
        if (piece !== undefined) {
          this.#took(piece.length);
          yield piece;
        } else if (this.#ended) {
          if (this.#error !== undefined) throw this.#error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          this.#wake = undefined;
        }
      }
    } finally {
      if (!this.#ended) this.onLeave();
    }
  }

  #took(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (!this.#paused || this.#waitingBytes > HIGH_WATER_BYTES / 2) return;
    this.#paused = false;
    this.exchange.resume();
  }
}
