import { createHash, type Hash } from 'node:crypto';
import { Inflow } from './inflow.js';

/** What takes the body of a response while it comes in. */
export interface BodySink {
  /** The bytes are lent. @returns why no more of them is wanted */
  add(bytes: Uint8Array): string | void;
  /** @param error why the body is not whole */
  end(error: Error | undefined): void;
}

/** A response's body that is read in pieces. */
export class BodyReader extends Inflow<Uint8Array> implements BodySink {
  add(bytes: Uint8Array): void {
    this.push(Uint8Array.prototype.slice.call(bytes), bytes.length);
  }
}

/** A response's body of which only the hash is kept. */
export class BodyHash implements BodySink {
  /** Hexadecimal; when the body is complete. */
  sha256: string | undefined;
  readonly #hash: Hash = createHash('sha256');

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  end(error: Error | undefined): void {
    if (error === undefined) this.sha256 = this.#hash.digest('hex');
  }
}
