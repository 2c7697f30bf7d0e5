import type { BodyStream } from '../../engine/contract.js';

/** Back-pressure starts beyond this many waiting bytes. */
const FULL_BYTES = 64 * 1024;
const END: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** The unsent part of a call: a body that the connection reads at its own pace. */
export class Outgoing implements BodyStream, AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly chunks = this;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #ended = false;
  #full = false;
  #reader: ((next: IteratorResult<Uint8Array>) => void) | undefined;

  /** @param onDrain called after `push` has returned false, once everything has been read */
  constructor(private readonly onDrain: () => void) {}

  /** @returns whether more may follow at once */
  push(bytes: Uint8Array): boolean {
    if (this.#ended) return true;
    if (this.#reader !== undefined) {
      this.#read({ done: false, value: bytes });
      return true;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#full ||= this.#waitingBytes >= FULL_BYTES;
    return !this.#full;
  }

  end(): void {
    this.#ended = true;
    if (this.#reader !== undefined) this.#read(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#waiting.shift();
    if (value !== undefined) {
      this.#waitingBytes -= value.length;
      return Promise.resolve({ done: false, value });
    }
    if (this.#ended) return Promise.resolve(END);
    const next = new Promise<IteratorResult<Uint8Array>>((resolve) => (this.#reader = resolve));
    if (this.#full) {
      this.#full = false;
      this.onDrain();
    }
    return next;
  }

  /** Nothing more is read from it. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#ended = true;
    this.#waiting.length = 0;
    return Promise.resolve(END);
  }

  #read(next: IteratorResult<Uint8Array>): void {
    const reader = this.#reader!;
    this.#reader = undefined;
    reader(next);
  }
}
