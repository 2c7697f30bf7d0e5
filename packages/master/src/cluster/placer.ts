import type { Millis, Steps } from '@drumline/model';

/** Joins, losses and returns within this time lead to one placement. */
const GATHER_MS: Millis = 20;
/** Placing takes at most about a fifth of the master's time, however often workers come and go. */
const REST_FACTOR = 4;
const MAX_REST_MS: Millis = 1_000;
/** After this time the event loop handles timers and messages. */
const SLICE_MS: Millis = 10;

/** The work that a placer schedules. */
export interface Placing<T> {
  /** Begins to place the users on the workers that there are now. */
  begin(): Steps<T>;
  done(result: T): void;
}

/**
 * Decides when users are placed anew. Gathers changes into one placement, and computes it in slices
 * that do not block the loop.
 */
export class Placer<T> {
  private isWanted = false;
  private timer: NodeJS.Timeout | undefined;
  private steps: Steps<T> | undefined;
  private tookMs: Millis = 0;
  private restUntilMs: Millis = 0;

  constructor(private readonly placing: Placing<T>) {}

  /** Requests a placement after a change. Changes during a placement lead to another one. */
  request(gatherMs: Millis = GATHER_MS): void {
    this.isWanted = true;
    if (this.timer || this.steps) return;
    const delayMs = Math.max(gatherMs, this.restUntilMs - performance.now());
    this.timer = setTimeout(() => this.begin(), delayMs);
  }

  close(): void {
    clearTimeout(this.timer);
    this.isWanted = false;
    this.steps = undefined;
  }

  private begin(): void {
    this.timer = undefined;
    this.isWanted = false;
    this.tookMs = 0;
    this.steps = this.placing.begin();
    this.goOn();
  }

  private goOn(): void {
    const fromMs = performance.now();
    while (this.steps) {
      const { done, value } = this.steps.next();
      if (done) return this.end(value, fromMs);
      if (performance.now() - fromMs < SLICE_MS) continue;
      this.tookMs += performance.now() - fromMs;
      setImmediate(() => this.goOn());
      return;
    }
  }

  private end(result: T, fromMs: Millis): void {
    this.steps = undefined;
    this.placing.done(result);
    const now = performance.now();
    this.tookMs += now - fromMs;
    this.restUntilMs = now + Math.min(MAX_REST_MS, this.tookMs * REST_FACTOR);
    if (this.isWanted) this.request();
  }
}
