import type { Transport } from '../dial/transport.js';
import { atTurnEnd, atTurnEndOnly, type TurnEnding } from '../dial/turn-end.js';

/**
 * Payloads up to this size are joined with the frames around them. Larger ones are passed on
 * separately.
 */
const JOINED_BYTES = 1024;
/** Flush when this much has been collected. */
const FULL_BYTES = 64 * 1024;

/**
 * Collects what a connection sends within a turn of the event loop and writes it once, at the end.
 * Requests that users send after one batch of responses then leave together.
 */
export class Outbox implements TurnEnding {
  /** The peer reads too slowly: send no more data until `drained`. */
  congested = false;
  #text = '';
  #chunks: (string | Uint8Array)[] = [];
  #chunkBytes = 0;
  #scheduled = false;
  #readsFirst = false;
  #closed = false;

  /**
   * @param now a monotonic clock, milliseconds
   * @param onHandedOver called with the instant at which everything added until now began to be
   *   given to the transport
   */
  constructor(
    private readonly transport: Transport,
    private readonly now: () => number,
    private readonly onHandedOver: (atMs: number) => void,
  ) {}

  /**
   * Hold back what is added next until all sockets of this turn have been read: the peer may have
   * closed this one.
   */
  readFirst(): void {
    this.#readsFirst = true;
  }

  /** @param frames text with one character per byte */
  add(frames: string): void {
    if (this.#closed) return;
    this.#text += frames;
    this.#schedule();
    if (this.#text.length > FULL_BYTES) this.#handOver();
  }

  /** @param bytes must not be changed afterwards */
  addPayload(bytes: Uint8Array): void {
    if (bytes.length <= JOINED_BYTES) {
      const buffer = Buffer.isBuffer(bytes)
        ? bytes
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      this.add(buffer.toString('latin1'));
      return;
    }
    if (this.#closed) return;
    if (this.#text !== '') this.#chunks.push(this.#text);
    this.#chunks.push(bytes);
    this.#chunkBytes += this.#text.length + bytes.length;
    this.#text = '';
    this.#schedule();
    if (this.#chunkBytes > FULL_BYTES) this.#handOver();
  }

  /** Writes everything at once. */
  flush(): void {
    const text = this.#text;
    this.#text = '';
    if (this.#chunks.length > 0) this.#writeChunks(text);
    else if (text !== '' && !this.transport.writeLatin1(text)) this.congested = true;
  }

  /** The transport has room again. */
  drained(): void {
    this.congested = false;
  }

  /** Discards what is queued and what is added later. */
  close(): void {
    this.#closed = true;
    this.#text = '';
    this.#chunks = [];
  }

  turnEnded(): void {
    this.#scheduled = false;
    this.#handOver();
  }

  #handOver(): void {
    const atMs = this.now();
    this.flush();
    this.onHandedOver(atMs);
  }

  #writeChunks(rest: string): void {
    const { transport } = this;
    const chunks = this.#chunks;
    if (rest !== '') chunks.push(rest);
    this.#chunks = [];
    this.#chunkBytes = 0;
    transport.socket.cork();
    for (const chunk of chunks) {
      const room = typeof chunk === 'string' ? transport.writeLatin1(chunk) : transport.write(chunk);
      if (!room) this.congested = true;
    }
    transport.socket.uncork();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#readsFirst) atTurnEndOnly(this);
    else atTurnEnd(this);
    this.#readsFirst = false;
  }
}
