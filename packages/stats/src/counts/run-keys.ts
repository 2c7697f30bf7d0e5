import { type SeriesKey, timesParts } from '@drumline/model';
import { clipName, hasRoom, MAX_CHECKS, OTHER } from '../limits.js';
import { ListedSeries } from '../listed-series.js';

/** The series and checks of a run, by number. Shared by the key tables of all workers. */
export class RunKeys {
  readonly series: ListedSeries;
  /** Whether a series times parts of requests, by its number. */
  readonly isPart: boolean[] = [];
  /** The names of the checks. Further checks are counted as `(other)`. */
  readonly checks: string[] = [];
  readonly #checkNumbers = new Map<string, number>();

  constructor(maxSeries?: number) {
    this.series = new ListedSeries(maxSeries);
  }

  seriesNumber(key: SeriesKey): number {
    const number = this.series.numberOf(key);
    this.isPart[number] ??= timesParts(this.series.keys[number]!);
    return number;
  }

  checkNumber(name: string): number {
    const known = this.#checkNumbers.get(name);
    if (known !== undefined) return known;
    const kept = name === OTHER || hasRoom(this.#checkNumbers, MAX_CHECKS) ? clipName(name) : OTHER;
    if (kept !== name) return this.checkNumber(kept);
    const number = this.checks.push(name) - 1;
    this.#checkNumbers.set(name, number);
    return number;
  }
}
