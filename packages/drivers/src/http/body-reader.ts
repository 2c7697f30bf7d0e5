import { createHash, type Hash } from 'node:crypto';
import { ReceiveQueue } from '../calls/receive-queue.js';

/** Receives the body of a response as it arrives. */
export interface BodySink {
  /** The bytes are valid only during the call. @returns a reason to stop receiving */
  add(bytes: Uint8Array): string | void;
  /** @param error why the body is incomplete */
  end(error: Error | undefined): void;
}

/** A response body that is read in pieces. */
export class BodyReader extends ReceiveQueue<Uint8Array> implements BodySink {
  add(bytes: Uint8Array): void {
    this.push(Uint8Array.prototype.slice.call(bytes), bytes.length);
  }
}

/** A response body of which only the hash is kept. */
export class BodyHash implements BodySink {
  /** Hexadecimal; set when the body is complete. */
  sha256: string | undefined;
  readonly #hash: Hash = createHash('sha256');

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  end(error: Error | undefined): void {
    if (error === undefined) this.sha256 = this.#hash.digest('hex');
  }
}
