import type { Millis } from '@drumline/model';

const WINDOW_MS: Millis = 60_000;
const FIRST_DELAY_MS: Millis = 100;
const LONGEST_DELAY_MS: Millis = 5_000;

/**
 * Says when a process that ended by itself is started again: at once, but ever later if it ends
 * again and again.
 */
export class Restarts {
  private readonly endedMs: Millis[] = [];

  constructor(private readonly now: () => Millis = () => performance.now()) {}

  /** It has ended. @returns how often it has within a minute, and how long to wait */
  ended(): { readonly count: number; readonly delayMs: Millis } {
    const now = this.now();
    while (this.endedMs[0] !== undefined && now - this.endedMs[0] > WINDOW_MS) this.endedMs.shift();
    this.endedMs.push(now);
    const count = this.endedMs.length;
    return {
      count,
      delayMs: count === 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (count - 2), LONGEST_DELAY_MS),
    };
  }
}
