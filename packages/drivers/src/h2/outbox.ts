import type { Transport } from '../dial/transport.js';
import { atTurnEnd, atTurnEndOnly, type TurnEnding } from '../dial/turn-end.js';

/** Payloads up to this size are joined with the frames around them; larger ones are handed over as they are. */
const JOINED_BYTES = 1024;
/** Do not collect more than this before it is handed over. */
const FULL_BYTES = 64 * 1024;

/**
 * What a connection sends within a turn of the event loop, handed over in one write at its end, so that what users ask for in
 * answer to one batch of responses goes out together.
 */
export class Outbox implements TurnEnding {
  /** The peer is slower than we are: send no more data until `drained`. */
  congested = false;
  #text = '';
  #chunks: (string | Uint8Array)[] = [];
  #chunkBytes = 0;
  #scheduled = false;
  #readsFirst = false;
  #closed = false;

  /**
   * @param now a monotonic clock, milliseconds
   * @param onHandedOver all that was added until now has been given to the transport; the instant at which that began
   */
  constructor(
    private readonly transport: Transport,
    private readonly now: () => number,
    private readonly onHandedOver: (atMs: number) => void,
  ) {}

  /**
   * What is added next does not leave before all sockets of this turn have been read: the peer may
   * have closed this one.
   */
  readFirst(): void {
    this.#readsFirst = true;
  }

  /** @param frames text of one byte a character */
  add(frames: string): void {
    if (this.#closed) return;
    this.#text += frames;
    this.#schedule();
    if (this.#text.length > FULL_BYTES) this.#handOver();
  }

  /** @param bytes not to be changed afterwards */
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

  /** Hands everything over at once. */
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

  /** What is still here, or comes later, is not sent any more. */
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
