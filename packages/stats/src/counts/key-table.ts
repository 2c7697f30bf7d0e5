import { MAX_KEYS, type NamedKey } from './keys.js';
import type { RunKeys } from './run-keys.js';

/**
 * What the indexes of a worker stand for. Holds numbers only, because the names are the same for
 * most workers.
 */
export class KeyTable {
  #dictionary = 0;
  /** By index: 0 if unknown, the number of a series + 1, or -1 - the number of a check. */
  #numbers = new Int32Array(64);

  constructor(private readonly run: RunKeys) {}

  /** The dictionary of the worker that the indexes are from. */
  get dictionary(): number {
    return this.#dictionary;
  }

  /**
   * Learns the keys of a report. Ignores those of an earlier dictionary.
   * @throws RangeError if an index is too large or already stands for something else
   */
  learn({ dictionary, keys }: { readonly dictionary: number; readonly keys: readonly NamedKey[] }): void {
    if (dictionary < this.#dictionary) return;
    if (dictionary > this.#dictionary) this.#numbers.fill(0);
    this.#dictionary = dictionary;
    for (const [index, key] of keys) {
      const number =
        typeof key === 'string' ? -1 - this.run.checkNumber(key) : 1 + this.run.seriesNumber(key);
      this.#set(index, number);
    }
  }

  /**
   * The number of a series; -1 if the index is unknown.
   * @throws RangeError if the index is that of a check
   */
  seriesNumber(index: number): number {
    const number = index < this.#numbers.length ? this.#numbers[index]! : 0;
    if (number < 0) throw new RangeError(`index ${index} is a check, not a series`);
    return number - 1;
  }

  /**
   * The number of a check; -1 if the index is unknown.
   * @throws RangeError if the index is that of a series
   */
  checkNumber(index: number): number {
    const number = index < this.#numbers.length ? this.#numbers[index]! : 0;
    if (number > 0) throw new RangeError(`index ${index} is a series, not a check`);
    return -1 - number;
  }

  #set(index: number, number: number): void {
    if (index >= MAX_KEYS) throw new RangeError(`index ${index} of ${MAX_KEYS}`);
    if (index >= this.#numbers.length) {
      const grown = new Int32Array(Math.max(index + 1, Math.min(MAX_KEYS, 2 * this.#numbers.length)));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const known = this.#numbers[index]!;
    if (known !== 0 && known !== number) throw new RangeError(`index ${index} stands for two names`);
    this.#numbers[index] = number;
  }
}
