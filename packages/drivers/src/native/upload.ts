import type { BodyStream } from '../engine/contract.js';
import { bodyFailed, lengthMismatch, type Failure } from '../engine/failure.js';

/** Receives the pieces of a body and adds the framing of the protocol. */
export interface UploadWriter {
  /** @returns whether to continue at once; otherwise wait for `drained` */
  write(bytes: Uint8Array): boolean;
  /** The body is complete. */
  end(): void;
}

/** Notified of the end of an upload. */
export interface UploadOwner {
  uploadEnded(): void;
  uploadFailed(failure: Failure): void;
}

/** Writes a streamed body at the pace of the connection. */
export class Upload {
  #stopped = false;
  #room: (() => void) | undefined;
  readonly #iterator: AsyncIterator<Uint8Array>;

  constructor(
    private readonly body: BodyStream,
    private readonly writer: UploadWriter,
    private readonly owner: UploadOwner,
  ) {
    this.#iterator = body.chunks[Symbol.asyncIterator]();
    void this.#run();
  }

  /** The connection has room again. */
  drained(): void {
    this.#room?.();
  }

  /** Stops writing. */
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
        if (next.value.length > 0 && !this.writer.write(next.value)) await this.#forRoom();
        if (this.#stopped) return;
      }
    } catch (error) {
      return this.#fail(bodyFailed(error));
    }
    if (announced !== undefined && length < announced) return this.#fail(lengthMismatch('fewer', announced));
    this.writer.end();
    this.#stopped = true;
    this.owner.uploadEnded();
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
