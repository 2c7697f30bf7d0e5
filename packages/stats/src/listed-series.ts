import { DEFAULT_MAX_SERIES, type SeriesKey, seriesId } from '@drumline/model';
import { DistinctCount } from './distinct.js';
import { clipKey, isOtherKey, lastKeyOf, MAX_OTHER_SERIES, otherKeyOf } from './limits.js';

/**
 * The series that are counted separately, numbered from 0 in the order in which they appear.
 * Series beyond the limit share the number of an `(other)` series, one for each protocol.
 */
export class ListedSeries {
  /** The series by number. */
  readonly keys: SeriesKey[] = [];
  /** Series that were given the number of an `(other)` series. */
  readonly unlisted = new DistinctCount();
  readonly #numbers = new Map<string, number>();
  #others = 0;

  /** @param maxSeries the most numbers, without those of `(other)` series */
  constructor(private readonly maxSeries: number = DEFAULT_MAX_SERIES) {}

  /** The ids of the series, see `seriesId`. */
  get ids(): Iterable<string> {
    return this.#numbers.keys();
  }

  /** The number under which a series is counted. Lists the series if there is room. */
  numberOf(key: SeriesKey): number {
    return this.#numberOf(clipKey(key));
  }

  #numberOf(key: SeriesKey): number {
    const id = seriesId(key);
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    if (isOtherKey(key)) {
      const last = lastKeyOf(key);
      if (this.#others >= MAX_OTHER_SERIES && id !== seriesId(last)) return this.#numberOf(last);
      this.#others++;
    } else if (this.keys.length - this.#others >= this.maxSeries) {
      this.unlisted.add(id);
      return this.#numberOf(otherKeyOf(key));
    }
    this.#numbers.set(id, this.keys.length);
    return this.keys.push(key) - 1;
  }
}
