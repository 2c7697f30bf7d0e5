import { type SeriesKey, seriesId } from '@drumline/model';
import { MAX_KEYS, type CountedKey, type NamedKey } from './keys.js';

/** With this many keys, another dictionary begins. Leaves room for the keys of one report. */
const FULL = MAX_KEYS / 2;

/**
 * Numbers the series and checks of a worker, so that their names are sent once per run instead of
 * once a second. Keeps track of the keys that the master knows.
 */
export class KeyDictionary {
  /** Number of the current dictionary, from 1. Indexes of earlier ones have lost their meaning. */
  number = 1;
  readonly #indexes = new Map<string, number>();
  readonly #keys: CountedKey[] = [];
  /** Indexes that the master knows. */
  readonly #known = new Set<number>();

  /** @param full the number of keys with which another dictionary begins */
  constructor(private readonly full = FULL) {}

  seriesIndex(key: SeriesKey): number {
    return this.#index(seriesId(key), key);
  }

  checkIndex(name: string): number {
    // The id of a series starts with a bracket.
    return this.#index(`check ${name}`, name);
  }

  /** Those keys that the master may not know, with their names. */
  unknown(dictionary: number, keys: Iterable<NamedKey>): NamedKey[] {
    return [...keys].filter(([index]) => dictionary !== this.number || !this.#known.has(index));
  }

  /** Records that the master knows these keys. */
  acknowledge(dictionary: number, keys: Iterable<NamedKey>): void {
    if (dictionary === this.number) for (const [index] of keys) this.#known.add(index);
  }

  /**
   * Records that the master knows no keys, as after a restart.
   * @returns whether it was believed to know any
   */
  forget(): boolean {
    const knewAny = this.#known.size > 0;
    this.#known.clear();
    return knewAny;
  }

  /** Begins another dictionary if this one is full. Call before counts are encoded. */
  makeRoom(): void {
    if (this.#keys.length < this.full) return;
    this.number++;
    this.#indexes.clear();
    this.#keys.length = 0;
    this.#known.clear();
  }

  #index(id: string, key: CountedKey): number {
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    const index = this.#keys.push(key) - 1;
    this.#indexes.set(id, index);
    return index;
  }
}
