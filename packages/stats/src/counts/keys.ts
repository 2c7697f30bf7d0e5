import type { SeriesKey } from '@drumline/model';
import type { RareCounts } from '../delta.js';

/** What encoded counts name by an index: a series, or a check by its name. */
export type CountedKey = SeriesKey | string;

/** An index and what it stands for. */
export type NamedKey = [index: number, key: CountedKey];

/** Indexes are smaller than this, so that a worker cannot fill the master's memory. */
export const MAX_KEYS = 65_536;

/** The counts of several seconds, see `encodeCounts`. */
export interface EncodedCounts {
  /** Number of the dictionary that the indexes are from, see `KeyDictionary`. */
  readonly dictionary: number;
  /** Series and checks of all seconds. */
  readonly counts: Uint8Array;
  /** Everything else; absent if there is nothing else. */
  readonly rest?: RareCounts[];
}
