import { ConnectionError } from './errors.js';

/** Enough for servers that measure round trips with every frame, little enough to be read in milliseconds. */
const FRAMES = 10_000;
const PERIOD_MS = 10_000;

/**
 * Ends connections whose server keeps us busy with frames that bring nothing: pings, settings, empty frames, frames of streams that are
 * over. RFC 9113, section 10.5. So many are free in each period, and anew after each frame that brings something.
 */
export class FloodGuard {
  #left = FRAMES;
  #sinceMs: number;

  /** @param now a monotonic clock, milliseconds */
  constructor(private readonly now: () => number) {
    this.#sinceMs = now();
  }

  /** A frame that brings nothing. @throws ConnectionError if there are too many */
  idle(): void {
    if (this.#left-- > 0) return;
    const nowMs = this.now();
    if (nowMs - this.#sinceMs < PERIOD_MS) {
      throw new ConnectionError('ENHANCE_YOUR_CALM', 'a flood of frames without content');
    }
    this.progress();
    this.#sinceMs = nowMs;
  }

  /** A frame of a response, or one that we could send. */
  progress(): void {
    this.#left = FRAMES;
  }
}
