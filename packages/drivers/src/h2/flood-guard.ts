import { ConnectionError } from './errors.js';

/** Enough for servers that measure round trips with every frame, little enough to be read in milliseconds. */
const FRAMES = 10_000;
const PERIOD_MS = 10_000;

/**
 * Frames without data that a server may have sent before it knows that we reset a stream: a head,
 * trailers, a reset and some window updates.
 */
const LATE_FRAMES = 8;

/**
 * Ends connections whose server keeps us busy with frames that bring nothing: pings, settings,
 * empty frames, frames of streams that are over. RFC 9113, section 10.5.
 *
 * - `FRAMES` are free in each period, and again after each frame that brings something.
 * - Frames of a stream that we reset are free as well, as far as they were allowed before the
 *   reset:
 *   data up to the stream's window, and a few other frames.
 */
export class FloodGuard {
  #left = FRAMES;
  #sinceMs: number;
  /** What servers may still send of streams that we reset. */
  #lateBytes = 0;
  #lateFrames = 0;

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

  /**
   * We reset a stream.
   * @param windowBytes what its server may have sent by then, beyond what has arrived
   */
  streamReset(windowBytes: number): void {
    this.#lateBytes += windowBytes;
    this.#lateFrames += LATE_FRAMES;
  }

  /**
   * A frame of a stream that is over.
   * @param bytes what it takes of the stream's window; 0 for frames that are not data
   * @throws ConnectionError if there are too many that were not allowed before a reset
   */
  late(bytes: number): void {
    if (bytes > 0 && bytes <= this.#lateBytes) this.#lateBytes -= bytes;
    else if (bytes === 0 && this.#lateFrames > 0) this.#lateFrames -= 1;
    else this.idle();
  }

  /** A frame of a response, or one that we could send. */
  progress(): void {
    this.#left = FRAMES;
  }
}
