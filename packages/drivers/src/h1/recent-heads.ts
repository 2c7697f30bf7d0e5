import type { H1Head } from './head.js';

const PLACES = 16;
const MAX_HEAD_BYTES = 4 * 1024;

interface Place {
  head: H1Head;
  /** Where the head last differed from what came in: looked at first. */
  telltale: number;
}

/**
 * The heads that came in last. A target says the same again and again, at least until its clock has ticked: what is equal byte for
 * byte need not be read anew. Responses of the same size are most likely the same, so that is where a head is looked for.
 */
export class RecentHeads {
  readonly #places: (Place | undefined)[] = Array.from({ length: PLACES }, () => undefined);

  /** The head with which bytes[start, end) begins, if it is known. */
  find(bytes: Buffer, start: number, end: number): H1Head | undefined {
    const place = this.#places[(end - start) % PLACES];
    if (place === undefined) return undefined;
    const { head, telltale } = place;
    const { text } = head;
    if (text.length > end - start || bytes[start + telltale] !== text.charCodeAt(telltale)) return undefined;
    const candidate = bytes.toString('latin1', start, start + text.length);
    if (candidate === text) return head;
    place.telltale = firstDifference(candidate, text);
    return undefined;
  }

  /** @param sizeBytes of the read that began with it */
  remember(head: H1Head, sizeBytes: number): void {
    const { length } = head.text;
    if (length > MAX_HEAD_BYTES) return;
    const index = sizeBytes % PLACES;
    const place = this.#places[index];
    if (place === undefined) {
      this.#places[index] = { head, telltale: 0 };
    } else {
      place.head = head;
      if (place.telltale >= length) place.telltale = 0;
    }
  }
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}
