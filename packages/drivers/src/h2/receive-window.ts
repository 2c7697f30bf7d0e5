/** How much the peer may send before it must wait: RFC 9113, section 5.2. */
export class ReceiveWindow {
  #leftBytes: number;
  #owedBytes = 0;

  constructor(private readonly sizeBytes: number) {
    this.#leftBytes = sizeBytes;
  }

  /** What the peer may still send. */
  get leftBytes(): number {
    return this.#leftBytes;
  }

  /**
   * Bytes were received and consumed.
   * @returns false if they exceed the window
   */
  take(bytes: number): boolean {
    this.#leftBytes -= bytes;
    this.#owedBytes += bytes;
    return this.#leftBytes >= 0;
  }

  /** The window update to send to the peer. 0 as long as it has more than half. */
  renew(): number {
    const bytes = this.#owedBytes;
    if (bytes * 2 < this.sizeBytes) return 0;
    this.#owedBytes = 0;
    this.#leftBytes += bytes;
    return bytes;
  }
}
