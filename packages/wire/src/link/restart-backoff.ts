import type { Millis } from '@drumline/model';

const WINDOW_MS: Millis = 60_000;
const FIRST_DELAY_MS: Millis = 100;
const LONGEST_DELAY_MS: Millis = 5_000;

/** Delays for restarts of a process: none at first, then exponential if it ends repeatedly. */
export class RestartBackoff {
  private readonly endedMs: Millis[] = [];

  constructor(private readonly now: () => Millis = () => performance.now()) {}

  /**
   * Notes that the process has ended.
   * @returns the number of exits within a minute, and the time to wait
   */
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
