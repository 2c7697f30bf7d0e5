const NOTHING = new Uint8Array(0);

/** The unsent data of a stream. */
export class SendQueue {
  /** Whether nothing more will be added. */
  ended = false;
  #chunks: Uint8Array[] = [];
  #offset = 0;

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
  }

  /** The next bytes, up to this many; fewer where a piece ends. Empty if the queue is. */
  take(maxBytes: number): Uint8Array {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return NOTHING;
    const end = this.#offset + maxBytes;
    if (end < chunk.length) {
      const piece = chunk.subarray(this.#offset, end);
      this.#offset = end;
      return piece;
    }
    const rest = this.#offset === 0 ? chunk : chunk.subarray(this.#offset);
    this.#chunks.shift();
    this.#offset = 0;
    return rest;
  }
}

/** Shared by all streams that end with their headers. */
export const NOTHING_TO_SEND = new SendQueue();
