import type { Transport } from '../dial/transport.js';
import type { BodyStream } from '../engine/contract.js';
import { bodyFailed, lengthMismatch, type Failure } from '../engine/failure.js';

/** Who waits for the end of an upload. */
export interface UploadOwner {
  uploadWrote(bytes: number): void;
  uploadEnded(): void;
  uploadFailed(failure: Failure): void;
}

/** Writes a streamed body to an HTTP/1.1 connection, as fast as it takes it: with its length announced as it is, else in chunks (RFC 9112 section 7.1). */
export class Upload {
  #stopped = false;
  #room: (() => void) | undefined;
  readonly #iterator: AsyncIterator<Uint8Array>;

  constructor(
    private readonly body: BodyStream,
    private readonly transport: Transport,
    private readonly owner: UploadOwner,
  ) {
    this.#iterator = body.chunks[Symbol.asyncIterator]();
    void this.#run();
  }

  /** There is room again. */
  drained(): void {
    this.#room?.();
  }

  /** Nothing more is written. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#room?.();
    void this.#iterator.return?.().catch(() => {});
  }

  async #run(): Promise<void> {
    const announced = this.body.lengthBytes;
    let length = 0;
    try {
      for (;;) {
        const next = await this.#iterator.next();
        if (this.#stopped) return;
        if (next.done === true) break;
        length += next.value.length;
        if (announced !== undefined && length > announced)
          return this.#fail(lengthMismatch('more', announced));
        if (next.value.length > 0 && !this.#write(next.value)) await this.#forRoom();
        if (this.#stopped) return;
      }
    } catch (error) {
      return this.#fail(bodyFailed(error));
    }
    if (announced !== undefined && length < announced) return this.#fail(lengthMismatch('fewer', announced));
    if (announced === undefined) this.#writeText('0\r\n\r\n');
    this.#stopped = true;
    this.owner.uploadEnded();
  }

  #write(bytes: Uint8Array): boolean {
    this.owner.uploadWrote(bytes.length);
    if (this.body.lengthBytes !== undefined) return this.transport.write(bytes);
    this.#writeText(`${bytes.length.toString(16)}\r\n`);
    this.transport.write(bytes);
    return this.#writeText('\r\n');
  }

  #writeText(text: string): boolean {
    this.owner.uploadWrote(text.length);
    return this.transport.writeLatin1(text);
  }

  #forRoom(): Promise<void> {
    return new Promise((resolve) => (this.#room = resolve));
  }

  #fail(failure: Failure): void {
    if (this.#stopped) return;
    this.stop();
    this.owner.uploadFailed(failure);
  }
}
