/** Minimum time between two sweeps. */
const MIN_GAP_MS = 2;

/** An exchange with a deadline. */
export interface TimedExchange {
  /** When the sweeper must check it at the latest. Infinity: never. */
  readonly deadlineMs: number;
  /** Neighbors in the sweeper's list of pending deadlines. */
  previous: TimedExchange | undefined;
  next: TimedExchange | undefined;
  /** The deadline has passed. */
  expire(): void;
}

/**
 * Handles the timeouts of all exchanges of a lane with one timer.
 *
 * Each sweep finds the next deadline. Most requests end long before theirs, so sweeps are rare, and
 * a request needs no timer.
 */
export class Sweeper {
  #first: TimedExchange | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lookAtMs = Infinity;

  constructor(readonly now: () => number) {}

  watch(exchange: TimedExchange): void {
    const first = this.#first;
    exchange.next = first;
    if (first !== undefined) first.previous = exchange;
    this.#first = exchange;
    if (exchange.deadlineMs < this.#lookAtMs) this.expect(exchange.deadlineMs);
  }

  forget(exchange: TimedExchange): void {
    const { previous, next } = exchange;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    exchange.previous = undefined;
    exchange.next = undefined;
  }

  /** Adds a deadline. */
  expect(deadlineMs: number): void {
    if (deadlineMs >= this.#lookAtMs) return;
    this.#lookAtMs = deadlineMs;
    clearTimeout(this.#timer);
    // In a turn of the loop, timers fire before sockets are read, and up to 1 ms early. Read what
    // has arrived first.
    this.#timer = setTimeout(
      () => setImmediate(() => this.#look()),
      Math.min(Math.max(MIN_GAP_MS, Math.ceil(deadlineMs - this.now())), 2 ** 31 - 1),
    );
    this.#timer.unref();
  }

  #look(): void {
    this.#lookAtMs = Infinity;
    const nowMs = this.now();
    const late: TimedExchange[] = [];
    let earliestMs = Infinity;
    for (let exchange = this.#first; exchange !== undefined; exchange = exchange.next) {
      if (exchange.deadlineMs <= nowMs) late.push(exchange);
      else if (exchange.deadlineMs < earliestMs) earliestMs = exchange.deadlineMs;
    }
    if (earliestMs < Infinity) this.expect(earliestMs);
    for (const exchange of late) exchange.expire();
  }
}
