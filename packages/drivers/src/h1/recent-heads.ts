import type { H1Head } from './head.js';
import { HeadPattern } from './head-pattern.js';

const PLACES = 16;
const MAX_HEAD_BYTES = 4 * 1024;

interface Place {
  readonly headBytes: number;
  /** Set once two heads of the same length have followed each other. */
  readonly pattern: HeadPattern | undefined;
}

/**
 * The kinds of heads read recently.
 *
 * A target sends the same heads repeatedly, and responses of equal size are most likely of the same
 * kind. The lookup therefore uses the size.
 */
export class RecentHeads {
  readonly #places: (Place | undefined)[] = Array.from({ length: PLACES }, () => undefined);

  /** The head at the start of bytes[start, end), if its kind is known. */
  find(bytes: Buffer, start: number, end: number): H1Head | undefined {
    return this.#places[(end - start) % PLACES]?.pattern?.match(bytes, start, end);
  }

  /** @param sizeBytes of the read that began with it */
  remember(head: H1Head, sizeBytes: number): void {
    const headBytes = head.text.length;
    if (headBytes > MAX_HEAD_BYTES) return;
    const index = sizeBytes % PLACES;
    const again = this.#places[index]?.headBytes === headBytes;
    this.#places[index] = { headBytes, pattern: again ? new HeadPattern(head) : undefined };
  }
}
