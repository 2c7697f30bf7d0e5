import type { Millis, Steps } from '@drumline/model';

/** Joins, losses and returns within this time lead to one placement. */
const GATHER_MS: Millis = 20;
/**
 * Rests four times as long as a placement took. So placing uses at most a fifth of the master's
 * CPU.
 */
const REST_FACTOR = 4;
const MAX_REST_MS: Millis = 1_000;
/** Yields to the event loop after this time. */
const SLICE_MS: Millis = 10;

/** The work that a placer schedules. */
export interface Placing<T> {
  /** Begins to place the users on the current workers. */
  begin(): Steps<T>;
  done(result: T): void;
}

/**
 * Schedules placements of users. Combines changes into one placement, and computes it in slices
 * that do not block the event loop.
 */
export class Placer<T> {
  private isWanted = false;
  private timer: NodeJS.Timeout | undefined;
  private steps: Steps<T> | undefined;
  private tookMs: Millis = 0;
  private restUntilMs: Millis = 0;

  constructor(private readonly placing: Placing<T>) {}

  /** Requests a placement after a change. A request during a placement leads to another one. */
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
