import type { Exchange } from '../engine/contract.js';
import { isInterrupted } from './interrupted.js';

/** Back-pressure: above this, the connection is paused. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Overhead counted per item, so that empty items count too. */
const ITEM_BYTES = 128;

/** An unread item, in a linked list. */
interface Waiting<T> {
  readonly item: T;
  readonly bytes: number;
  next: Waiting<T> | undefined;
}

/** The received but unread items of a response. Above a limit, it pauses the connection. */
export class ReceiveQueue<T> implements AsyncIterable<T> {
  #first: Waiting<T> | undefined;
  #last: Waiting<T> | undefined;
  #waitingBytes = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #isRead = false;
  #wake: (() => void) | undefined;
  #exchange: Pick<Exchange, 'pause' | 'resume'> | undefined;
  #onLeave: (() => void) | undefined;

  /** @param onLeave called when the reader leaves before the end */
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

  /**
   * @param error why it is incomplete. The reader gets it after the items received, or immediately
   * if the user was stopped.
   */
  end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (isInterrupted(error)) this.#first = undefined;
    this.#wakeReader();
  }

  /**
   * Unlike that of a generator, `return` does not wait for a pending `next`, so a reader that reads
   * ahead can leave immediately.
   * @throws Error if it was read before; from `next` if it is incomplete
   */
  [Symbol.asyncIterator](): Required<Pick<AsyncIterator<T, undefined>, 'next' | 'return'>> {
    if (this.#isRead)
      throw new Error('the body can be read only once, and another loop has begun to read it');
    this.#isRead = true;
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  /** Not async: an async function would add a microtask per item. */
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

  /**
   * Resolves the promise only once. Node checks each repeated resolve, which doubles the cost of an
   * item.
   */
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
