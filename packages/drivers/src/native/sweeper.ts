import type { NativeExchange } from './exchange.js';

/** Two looks at the list are at least this far apart. */
const MIN_GAP_MS = 2;

/**
 * The time-outs of all exchanges of a lane with one timer. Each look at the list finds the next deadline that matters; as most
 * requests end long before theirs, looks are rare, and a request costs no timer of its own.
 */
export class Sweeper {
  #first: NativeExchange | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lookAtMs = Infinity;

  constructor(readonly now: () => number) {}

  watch(exchange: NativeExchange): void {
    const first = this.#first;
    exchange.next = first;
    if (first !== undefined) first.previous = exchange;
    this.#first = exchange;
    if (exchange.deadlineMs < this.#lookAtMs) this.expect(exchange.deadlineMs);
  }

  forget(exchange: NativeExchange): void {
    const { previous, next } = exchange;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    exchange.previous = undefined;
    exchange.next = undefined;
  }

  /** There is a deadline at this instant. */
  expect(deadlineMs: number): void {
    if (deadlineMs >= this.#lookAtMs) return;
    this.#lookAtMs = deadlineMs;
    clearTimeout(this.#timer);
    // Timers fire before sockets are read in a turn of the loop, and up to 1 ms early: whatever has arrived is read first.
    this.#timer = setTimeout(
      () => setImmediate(() => this.#look()),
      Math.min(Math.max(MIN_GAP_MS, Math.ceil(deadlineMs - this.now())), 2 ** 31 - 1),
    );
    this.#timer.unref();
  }

  #look(): void {
    this.#lookAtMs = Infinity;
    const nowMs = this.now();
    const late: NativeExchange[] = [];
    let earliestMs = Infinity;
    for (let exchange = this.#first; exchange !== undefined; exchange = exchange.next) {
      if (exchange.deadlineMs <= nowMs) late.push(exchange);
      else if (exchange.deadlineMs < earliestMs) earliestMs = exchange.deadlineMs;
    }
    if (earliestMs < Infinity) this.expect(earliestMs);
    for (const exchange of late) exchange.expire();
  }
}
