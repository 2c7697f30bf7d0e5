import type { Exchange } from '../engine/contract.js';
import { isInterrupted } from './interrupted.js';

/** A reader that is this far behind stops the server. */
const HIGH_WATER_BYTES = 256 * 1024;
/** What an item takes beside its bytes: many empty ones fill the memory too. */
const ITEM_BYTES = 128;

/** An item that waits for its reader, and the one behind it. */
interface Waiting<T> {
  readonly item: T;
  readonly bytes: number;
  next: Waiting<T> | undefined;
}

/** What came in of a response and was not yet read; while that is too much, the server has to wait. */
export class Inflow<T> implements AsyncIterable<T> {
  #first: Waiting<T> | undefined;
  #last: Waiting<T> | undefined;
  #waitingBytes = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #taken = false;
  #wake: (() => void) | undefined;
  #exchange: Pick<Exchange, 'pause' | 'resume'> | undefined;
  #onLeave: (() => void) | undefined;

  /** @param onLeave the reader leaves before the end */
  attach(exchange: Pick<Exchange, 'pause' | 'resume'>, onLeave: () => void): void {
    this.#exchange = exchange;
    this.#onLeave = onLeave;
  }

  push(item: T, bytes: number): void {
    const waiting = { item, bytes: ITEM_BYTES + bytes, next: undefined };
    if (this.#first === undefined) this.#first = waiting;
    else this.#last!.next = waiting;
    this.#last = waiting;
    this.#waitingBytes += waiting.bytes;
    if (this.#waitingBytes > HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.#exchange?.pause();
    }
    this.#wakeReader();
  }

  /** @param error why not everything came in; the reader gets it after what did, but at once if the user was stopped */
  end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (isInterrupted(error)) this.#first = undefined;
    this.#wakeReader();
  }

  /**
   * Unlike a generator's, its `return` does not wait for a `next` that is under way: whoever reads ahead can leave at once.
   * @throws Error if it was read before; from `next` if it is not whole
   */
  [Symbol.asyncIterator](): Required<Pick<AsyncIterator<T, undefined>, 'next' | 'return'>> {
    if (this.#taken) throw new Error('the body is already being read');
    this.#taken = true;
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  /** No async function where an item waits: that would cost each of them another turn of the promise queue. */
  #next(): Promise<IteratorResult<T, undefined>> {
    const first = this.#first;
    if (first === undefined) return this.#nextToCome();
    this.#first = first.next;
    this.#took(first.bytes);
    return Promise.resolve({ done: false, value: first.item });
  }

  async #nextToCome(): Promise<IteratorResult<T, undefined>> {
    while (this.#first === undefined) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return await this.#next();
  }

  /** Once for all that comes in one piece: Node looks into every promise that is resolved again, which costs as much as all else for an item. */
  #wakeReader(): void {
    const wake = this.#wake;
    if (wake === undefined) return;
    this.#wake = undefined;
    wake();
  }

  async #leave(): Promise<IteratorResult<T, undefined>> {
    this.#first = undefined;
    if (!this.#ended) this.#onLeave?.();
    this.end(undefined);
    return { done: true, value: undefined };
  }

  #took(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (!this.#paused || this.#waitingBytes > HIGH_WATER_BYTES / 2) return;
    this.#paused = false;
    this.#exchange?.resume();
  }
}
