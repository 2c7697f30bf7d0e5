const PLACES = 16;
/** After this many different bodies in a row, only one of as many is compared. */
const PATIENCE = 16;

/** The last body in a slot, and its string. */
class Place {
  text = '';
  /** Number of consecutive bodies that differed from the one before. */
  strangers = 0;
  #bytes = Buffer.alloc(0);

  holds(bytes: Buffer, start: number, end: number): boolean {
    const known = this.#bytes;
    return known.length === end - start && bytes.compare(known, 0, known.length, start, end) === 0;
  }

  take(bytes: Buffer, start: number, end: number): string {
    if (this.#bytes.length === end - start) bytes.copy(this.#bytes, 0, start, end);
    else this.#bytes = Buffer.from(bytes.subarray(start, end));
    return (this.text = bytes.toString('latin1', start, end));
  }
}

/**
 * Recent small bodies, as strings with one character per byte.
 *
 * A repeated body is converted to a string once. A comparison costs a third of a copy and leaves no
 * garbage.
 */
export class RecentBodies {
  readonly #places = Array.from({ length: PLACES }, () => new Place());

  textOf(bytes: Buffer, start: number, end: number): string {
    const place = this.#places[(end - start) % PLACES]!;
    const isHopeless = place.strangers >= PATIENCE && place.strangers % PATIENCE !== 0;
    if (!isHopeless && place.holds(bytes, start, end)) {
      place.strangers = 0;
      return place.text;
    }
    place.strangers++;
    if (isHopeless) return bytes.toString('latin1', start, end);
    return place.take(bytes, start, end);
  }
}
