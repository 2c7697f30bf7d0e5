import { malformedCall, messageTooLong, type Fault } from '../fault.js';
import { PREFIX_BYTES } from './message-frame.js';
import type { ScratchPool } from './scratch-pool.js';

export interface MessageSink {
  /**
   * @param bytes valid only during the call
   * @returns whether to continue reading
   */
  onMessage(bytes: Uint8Array, compressed: boolean): boolean;
  /** The bytes are not a valid message, or it is too long; nothing more is read. */
  onFault(fault: Fault): void;
}

/**
 * At most this much memory is allocated before the bytes arrive, because the length is unverified
 * input.
 */
const TRUSTED_BYTES = 1024 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Cuts a body into messages. A message within one piece is read in place; only messages that span
 * pieces are copied.
 */
export class MessageReader {
  /** The beginning of an incomplete message, with its prefix. */
  #partial = NOTHING;
  #partialBytes = 0;

  /** @param maxBytes of a message; 0: no limit */
  constructor(
    private readonly sink: MessageSink,
    private readonly maxBytes: number,
    private readonly scratch: ScratchPool,
  ) {}

  /** Whether the body stopped in the middle of a message. */
  get inside(): boolean {
    return this.#partialBytes > 0;
  }

  read(bytes: Uint8Array): void {
    let at = this.#partialBytes > 0 ? this.#complete(bytes) : 0;
    while (at !== -1 && bytes.length - at >= PREFIX_BYTES) {
      const length = this.#lengthAt(bytes, at);
      if (length === -1) return;
      const start = at + PREFIX_BYTES;
      if (bytes.length - start < length) break;
      const goOn = this.sink.onMessage(bytes.subarray(start, start + length), bytes[at] === 1);
      at = goOn ? start + length : -1;
    }
    if (at !== -1 && at < bytes.length) this.#keep(bytes, at);
  }

  /**
   * Continues the partial message.
   * @returns where the next one begins; -1 if there is nothing more to read
   */
  #complete(bytes: Uint8Array): number {
    let at = this.#take(bytes, 0, PREFIX_BYTES);
    if (this.#partialBytes < PREFIX_BYTES) return -1;
    const length = this.#lengthAt(this.#partial, 0);
    if (length === -1) return -1;
    const wholeBytes = PREFIX_BYTES + length;
    at = this.#take(bytes, at, wholeBytes);
    if (this.#partialBytes < wholeBytes) return -1;
    const partial = this.#partial;
    this.#partial = NOTHING;
    this.#partialBytes = 0;
    const goOn = this.sink.onMessage(partial.subarray(PREFIX_BYTES, wholeBytes), partial[0] === 1);
    this.scratch.give(partial);
    return goOn ? at : -1;
  }

  #keep(bytes: Uint8Array, at: number): void {
    const wanted = bytes.length - at < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + this.#lengthAt(bytes, at);
    this.#take(bytes, at, wanted);
  }

  /**
   * Copies until the partial message has this many bytes, or the piece ends.
   * @returns where it stopped
   */
  #take(bytes: Uint8Array, at: number, wanted: number): number {
    const count = Math.min(wanted - this.#partialBytes, bytes.length - at);
    if (count <= 0) return at;
    this.#reserve(this.#partialBytes + count, wanted);
    this.#partial.set(bytes.subarray(at, at + count), this.#partialBytes);
    this.#partialBytes += count;
    return at + count;
  }

  #reserve(needed: number, wanted: number): void {
    const old = this.#partial;
    if (old.length >= needed) return;
    const room = Math.max(needed, Math.min(wanted, Math.max(TRUSTED_BYTES, 2 * old.length)));
    this.#partial = this.scratch.take(room);
    if (old.length === 0) return;
    old.copy(this.#partial, 0, 0, this.#partialBytes);
    this.scratch.give(old);
  }

  /** @returns -1 after a fault */
  #lengthAt(bytes: Uint8Array, at: number): number {
    if (bytes[at]! > 1) {
      this.sink.onFault(malformedCall('MESSAGE_FLAG', 'a message with an unknown flag'));
      return -1;
    }
    const length =
      bytes[at + 1]! * 2 ** 24 + ((bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!);
    if (this.maxBytes === 0 || length <= this.maxBytes) return length;
    this.sink.onFault(messageTooLong('received', this.maxBytes));
    return -1;
  }
}
