import type { Millis } from '@drumline/model';
import type { WorkerRecord } from './registry.js';

/** Between two orders to one worker: what changes meanwhile is in the second one. */
const PAUSE_MS: Millis = 250;
/** An order that the worker does not show to have by then is sent again. */
const REPEAT_AFTER_MS: Millis = 500;
/** Then timers and messages get their turn: heartbeats are answered before many orders are sent. */
const SLICE_MS: Millis = 10;

/**
 * Sends each worker its newest orders: at most four a second, and none that a newer one has replaced. So what waits on the way to a
 * worker is bounded, whatever happens in the cluster. Orders are idempotent and re-sent until acknowledged.
 */
export class OrderDesk {
  private readonly waiting = new Set<WorkerRecord>();
  private readonly sentMs = new WeakMap<WorkerRecord, Millis>();
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;

  /** @param send sends the worker the orders that it has at that moment */
  constructor(
    private readonly send: (worker: WorkerRecord) => void,
    private readonly now: () => Millis = () => performance.now(),
  ) {}

  /** The worker has other orders than before. */
  tell(worker: WorkerRecord): void {
    this.waiting.add(worker);
    this.schedule(0);
  }

  /** The worker does not show that it has its orders: they may be lost, or on their way. @returns whether it is time to repeat them */
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
