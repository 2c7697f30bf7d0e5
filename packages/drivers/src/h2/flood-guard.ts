import { ConnectionError } from './errors.js';

/**
 * Enough for servers that measure round trips with every frame, yet few enough to be read in
 * milliseconds.
 */
const FRAMES = 10_000;
const PERIOD_MS = 10_000;

/**
 * Frames without data that a server may have sent before it learns of our reset: a head, trailers,
 * a reset and some window updates.
 */
const LATE_FRAMES = 8;

/**
 * Closes connections whose server floods us with useless frames: pings, settings, empty frames,
 * frames of ended streams. RFC 9113, section 10.5.
 *
 * - `FRAMES` are free in each period, and again after each useful frame.
 * - Frames of a stream that we reset are free if they were allowed before the reset: data up to the
 *   stream's window, and a few other frames.
 */
export class FloodGuard {
  #left = FRAMES;
  #sinceMs: number;
  /** What servers may still send on streams that we reset. */
  #lateBytes = 0;
  #lateFrames = 0;

  /** @param now a monotonic clock, milliseconds */
  constructor(private readonly now: () => number) {
    this.#sinceMs = now();
  }

  /**
   * Counts a useless frame.
   * @throws ConnectionError if there are too many
   */
  idle(): void {
    if (this.#left-- > 0) return;
    const nowMs = this.now();
    if (nowMs - this.#sinceMs < PERIOD_MS) {
      throw new ConnectionError('ENHANCE_YOUR_CALM', 'a flood of frames without content');
    }
    this.progress();
    this.#sinceMs = nowMs;
  }

  /**
   * We reset a stream.
   * @param windowBytes what its server may have sent by then, in addition to what has arrived
   */
  streamReset(windowBytes: number): void {
    this.#lateBytes += windowBytes;
    this.#lateFrames += LATE_FRAMES;
  }

  /**
   * Counts a frame of an ended stream.
   * @param bytes what it takes of the stream's window; 0 for frames without data
   * @throws ConnectionError if too many of them were not allowed before a reset
   */
  late(bytes: number): void {
    if (bytes > 0 && bytes <= this.#lateBytes) this.#lateBytes -= bytes;
    else if (bytes === 0 && this.#lateFrames > 0) this.#lateFrames -= 1;
    else this.idle();
  }

  /** A frame of a response was received, or we could send one. */
  progress(): void {
    this.#left = FRAMES;
  }
}
