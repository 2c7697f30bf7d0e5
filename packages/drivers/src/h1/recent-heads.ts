import type { H1Head } from './head.js';
import { HeadPattern } from './head-pattern.js';

const PLACES = 16;
const MAX_HEAD_BYTES = 4 * 1024;

interface Place {
  readonly headBytes: number;
  /** Once two heads of a length have come one after the other. */
  readonly pattern: HeadPattern | undefined;
}

/**
 * The kinds of heads that came in last. A target says the same again and again, and responses of the same size are most likely of
 * the same kind: that is where a head is looked for.
 */
export class RecentHeads {
  readonly #places: (Place | undefined)[] = Array.from({ length: PLACES }, () => undefined);

  /** The head with which bytes[start, end) begins, if its kind is known. */
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
