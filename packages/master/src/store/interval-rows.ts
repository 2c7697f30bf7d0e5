import { KeyDictionary, requestsIn, SecondSum, type CountedKey, type IntervalDelta } from '@drumline/stats';
import { timesParts } from '@drumline/model';
import { decodeDelta, decodeIndexed, decodeValue, encodeIndexed, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';

/** How a row of `intervals` is encoded. */
export const ENCODING = {
  /** All series, with their names. Written by versions before 3. */
  delta: 0,
  /** All series, as indexes of a dictionary. */
  indexed: 1,
  /** The sum over all series, see `SecondSum`. */
  sum: 2,
} as const;

/** The stored counts of a second or of ten, still encoded. */
export interface StoredRow {
  readonly bytes: Uint8Array;
  readonly encoding: number;
  readonly dictionary: number;
}

/** A key of a dictionary, encoded. */
export type StoredKey = readonly [dictionary: number, number: number, key: Uint8Array];

/** The counts of a second, as they are stored. */
export type StoredSecond = { readonly delta: IntervalDelta } | { readonly sum: SecondSum };

/** Finds the keys of stored rows. */
export class StoredKeys {
  private readonly byDictionary = new Map<number, CountedKey[]>();

  constructor(keys: Iterable<StoredKey>) {
    for (const [dictionary, number, key] of keys)
      this.put(dictionary, number, decodeValue(key) as CountedKey);
  }

  put(dictionary: number, number: number, key: CountedKey): void {
    const keys = this.byDictionary.get(dictionary) ?? [];
    this.byDictionary.set(dictionary, keys);
    keys[number] = key;
  }

  /** @throws RangeError if the row is invalid, or has only a sum */
  deltaOf({ bytes, encoding, dictionary }: StoredRow): IntervalDelta {
    if (encoding === ENCODING.delta) return decodeDelta(bytes);
    if (encoding !== ENCODING.indexed) throw new RangeError(`encoding ${encoding} of a stored delta`);
    const keys = this.byDictionary.get(dictionary);
    return decodeIndexed(bytes, (index) => keys?.[index]);
  }
}

export function readKeys(db: Sqlite): StoredKey[] {
  return db
    .all('SELECT dictionary, number, key FROM keys')
    .map(({ dictionary, number, key }) => [Number(dictionary), Number(number), key as Uint8Array]);
}

/** Reads and writes the rows of `intervals` and `tiers`. */
export class IntervalRows {
  private readonly known: StoredKeys;
  private readonly dictionary = new KeyDictionary(Infinity);
  /** Each writer of the file begins with a new dictionary, after those of earlier ones. */
  private readonly dictionariesBefore: number;

  constructor(private readonly db: Sqlite) {
    const keys = readKeys(db);
    this.known = new StoredKeys(keys);
    this.dictionariesBefore = keys.reduce((most, [dictionary]) => Math.max(most, dictionary), 0);
  }

  /** Must be called after the transaction failed. Its keys are not in the file. */
  rolledBack(): void {
    this.dictionary.forget();
  }

  second(second: number): StoredSecond | undefined {
    const row = this.db.get('SELECT delta, encoding, dictionary FROM intervals WHERE second = ?', second);
    if (!row) return undefined;
    const stored = storedRow(row);
    if (stored.encoding === ENCODING.sum) return { sum: SecondSum.decode(stored.bytes) };
    return { delta: this.known.deltaOf(stored) };
  }

  /** @returns the size of the row in bytes */
  writeSecond(delta: IntervalDelta): number {
    const { bytes, dictionary } = this.encoded(delta);
    this.db.run('INSERT OR REPLACE INTO intervals VALUES (?, ?, ?, ?, ?, ?)', [
      delta.second,
      requestsIn(delta),
      failuresIn(delta),
      bytes,
      ENCODING.indexed,
      dictionary,
    ]);
    return bytes.length;
  }

  writeSum(second: number, { requests, failures, sum }: EncodedSum): void {
    this.db.run('INSERT OR REPLACE INTO intervals VALUES (?, ?, ?, ?, ?, 0)', [
      second,
      requests,
      failures,
      sum,
      ENCODING.sum,
    ]);
  }

  tier(start: number): IntervalDelta | undefined {
    const row = this.db.get('SELECT delta, dictionary FROM tiers WHERE start = ?', start);
    return row ? this.known.deltaOf(storedRow({ ...row, encoding: ENCODING.indexed })) : undefined;
  }

  writeTier(delta: IntervalDelta): void {
    const { bytes, dictionary } = this.encoded(delta);
    this.db.run('INSERT OR REPLACE INTO tiers VALUES (?, ?, ?)', [delta.second, bytes, dictionary]);
  }

  private encoded(delta: IntervalDelta): { bytes: Uint8Array; dictionary: number } {
    const { bytes, dictionary: number, keys } = encodeIndexed(delta, this.dictionary);
    const dictionary = this.dictionariesBefore + number;
    const unknown = this.dictionary.unknown(number, keys);
    for (const [index, key] of unknown) {
      this.db.run('INSERT OR REPLACE INTO keys VALUES (?, ?, ?)', [dictionary, index, encodeValue(key)]);
      this.known.put(dictionary, index, key);
    }
    this.dictionary.acknowledge(number, unknown);
    return { bytes, dictionary };
  }
}

/** A sum with the counts that its row shows. */
export interface EncodedSum {
  readonly requests: number;
  readonly failures: number;
  readonly sum: Uint8Array;
}

export function encodedSum(sum: SecondSum): EncodedSum {
  return { requests: sum.requests, failures: sum.failures, sum: sum.encode() };
}

export function storedRow({ delta, encoding, dictionary }: Record<string, unknown>): StoredRow {
  return { bytes: delta as Uint8Array, encoding: Number(encoding), dictionary: Number(dictionary) };
}

/** Counts failures as `Totals` does. */
export function failuresIn({ series }: IntervalDelta): number {
  return series.reduce((sum, { key, failures }) => sum + (timesParts(key) ? 0 : failures), 0);
}
