import type { Millis } from '@drumline/model';
import type { Participant } from './participant.js';

/**
 * Minimum time between two orders to one worker. The second order contains all changes in between.
 */
const PAUSE_MS: Millis = 250;
/** Unacknowledged orders are sent again after this time. */
const REPEAT_AFTER_MS: Millis = 500;
/** Yields to the event loop after this time, so that heartbeats are answered in time. */
const SLICE_MS: Millis = 10;

/**
 * Sends each worker its newest orders, at most four a second. Older orders that were not sent yet
 * are dropped, which bounds the queue of a worker. Orders are idempotent and re-sent until
 * acknowledged.
 *
 * Orders that wait are sent together. Otherwise a worker could get users long before the one that
 * has them learns that they have moved, if this process stalls in between.
 */
export class OrderQueue {
  private readonly waiting = new Set<Participant>();
  private readonly sentMs = new WeakMap<Participant, Millis>();
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;

  /** @param send sends a worker its current orders */
  constructor(
    private readonly send: (worker: Participant) => void,
    private readonly now: () => Millis = () => performance.now(),
  ) {}

  /** Queues the changed orders of a worker. */
  queue(worker: Participant): void {
    this.waiting.add(worker);
    this.schedule(0);
  }

  /** Repeats unacknowledged orders if it is time to. @returns whether they are repeated */
  repeatIfDue(worker: Participant): boolean {
    const isDue = this.now() - (this.sentMs.get(worker) ?? -Infinity) >= REPEAT_AFTER_MS;
    if (isDue) this.queue(worker);
    return isDue;
  }

  close(): void {
    clearTimeout(this.timer);
    this.waiting.clear();
  }

  private schedule(delayMs: Millis): void {
    if (this.isSending) return;
    clearTimeout(this.timer);
    this.isSending = delayMs === 0;
    if (delayMs === 0) setImmediate(() => this.sendSome());
    else this.timer = setTimeout(() => this.schedule(0), delayMs);
  }

  private sendSome(): void {
    this.isSending = false;
    const fromMs = performance.now();
    const dueMs = this.lastSentMs + PAUSE_MS - this.now();
    if (dueMs > 0) return this.schedule(Math.max(1, dueMs));
    for (const worker of this.waiting) {
      this.waiting.delete(worker);
      this.sentMs.set(worker, this.now());
      this.send(worker);
      if (performance.now() - fromMs >= SLICE_MS) return this.schedule(0);
    }
  }

  /** When one of the waiting workers last got an order. */
  private get lastSentMs(): Millis {
    let lastMs = -Infinity;
    for (const worker of this.waiting) lastMs = Math.max(lastMs, this.sentMs.get(worker) ?? -Infinity);
    return lastMs;
  }
}
