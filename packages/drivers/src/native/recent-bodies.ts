const PLACES = 16;
/** Where so many bodies in a row were other ones than those before them, only one of as many is looked at. */
const PATIENCE = 16;

/** The body that came last to a place, and the string that was made of it. */
class Place {
  text = '';
  /** How many came in a row that were not the one before. */
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
 * The small bodies that came in last, as strings of one character for each byte. What a target answers again and again is made a string
 * once: to compare it costs a third of a copy, and leaves no garbage.
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
