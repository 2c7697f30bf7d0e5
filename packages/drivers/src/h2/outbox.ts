import type { Transport } from '../dial/transport.js';

/** Payloads up to this size are joined with the frames around them; larger ones are handed over as they are. */
const JOINED_BYTES = 1024;
/** Do not collect more than this before it is handed over. */
const FULL_BYTES = 64 * 1024;

/**
 * What a connection sends within a tick of the event loop, handed over in one write: at the end of the tick, after all promises
 * that its beginning resolved, so that what users ask for in answer to one batch of responses goes out together.
 */
export class Outbox {
  /** The peer is slower than we are: send no more data until `drained`. */
  congested = false;
  #text = '';
  #chunks: (string | Uint8Array)[] = [];
  #chunkBytes = 0;
  #scheduled = false;
  readonly #flushLater = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  /** @param onHandedOver all that was added until now has been given to the transport */
  constructor(
    private readonly transport: Transport,
    private readonly onHandedOver: () => void,
  ) {}

  /** @param frames text of one byte a character */
  add(frames: string): void {
    this.#text += frames;
    this.#schedule();
  }

  /** @param bytes not to be changed afterwards */
  addPayload(bytes: Uint8Array): void {
    if (bytes.length <= JOINED_BYTES) {
      this.add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
      return;
    }
    if (this.#text !== '') this.#chunks.push(this.#text);
    this.#chunks.push(bytes);
    this.#chunkBytes += this.#text.length + bytes.length;
    this.#text = '';
    if (this.#chunkBytes > FULL_BYTES) this.flush();
    else this.#schedule();
  }

  /** Hands everything over at once. */
  flush(): void {
    const text = this.#text;
    this.#text = '';
    if (this.#chunks.length > 0) this.#writeChunks(text);
    else if (text === '') return;
    else if (!this.transport.writeLatin1(text)) this.congested = true;
    this.onHandedOver();
  }

  /** The transport has room again. */
  drained(): void {
    this.congested = false;
  }

  /** Forgets what has not been handed over. */
  clear(): void {
    this.#text = '';
    this.#chunks = [];
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
    process.nextTick(this.#flushLater);
  }
}
