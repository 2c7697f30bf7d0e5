import type { Millis } from '@drumline/model';
import type { WorkerRecord } from './registry.js';

/** The least time between two orders to one worker. Changes in between are in the second one. */
const PAUSE_MS: Millis = 250;
/** Orders that a worker has not acknowledged by then are sent again. */
const REPEAT_AFTER_MS: Millis = 500;
/**
 * After this time the event loop handles timers and messages, so that heartbeats are answered in
 * time.
 */
const SLICE_MS: Millis = 10;

/**
 * Sends each worker its newest orders: at most four a second, and none that a newer one has
 * replaced. This bounds what waits for a worker. Orders are idempotent and re-sent until
 * acknowledged.
 */
export class OrderDesk {
  private readonly waiting = new Set<WorkerRecord>();
  private readonly sentMs = new WeakMap<WorkerRecord, Millis>();
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;

  /** @param send sends a worker its present orders */
  constructor(
    private readonly send: (worker: WorkerRecord) => void,
    private readonly now: () => Millis = () => performance.now(),
  ) {}

  /** Queues the worker's orders, which have changed. */
  tell(worker: WorkerRecord): void {
    this.waiting.add(worker);
    this.schedule(0);
  }

  /** Repeats orders that a worker has not acknowledged, if it is time to. @returns whether it is */
  tellAgain(worker: WorkerRecord): boolean {
    const isDue = this.now() - (this.sentMs.get(worker) ?? -Infinity) >= REPEAT_AFTER_MS;
    if (isDue) this.tell(worker);
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
    let nextMs = Infinity;
    for (const worker of this.waiting) {
      const now = this.now();
      const dueMs = (this.sentMs.get(worker) ?? -Infinity) + PAUSE_MS;
      if (dueMs > now) {
        nextMs = Math.min(nextMs, dueMs - now);
        continue;
      }
      this.waiting.delete(worker);
      this.sentMs.set(worker, now);
      this.send(worker);
      if (performance.now() - fromMs >= SLICE_MS) return this.schedule(0);
    }
    if (nextMs < Infinity) this.schedule(Math.max(1, nextMs));
  }
}
