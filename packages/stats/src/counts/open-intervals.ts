import type { SeriesKey } from '@drumline/model';
import { checkRareCounts, type IntervalDelta, type RareCounts } from '../delta.js';
import { mergeDeltas } from '../merge.js';
import { KeyTable } from './key-table.js';
import type { EncodedCounts } from './keys.js';
import { OpenSecond } from './open-second.js';
import { CHECK, CHECK_FIELDS, FIELD, FIELDS, ParsedCounts, WINDOW, WINDOW_FIELDS } from './parse.js';
import { RunKeys } from './run-keys.js';

/** The most seconds that are added up in place. Those that have waited longest are encoded. */
const MAX_OPEN = 5;
/** The most emptied seconds that keep their memory for later ones. */
const MAX_IDLE = 2;

/** The seconds that a report may hold. */
export interface MergeLimits {
  readonly newestSecond: number;
  /** Counts of earlier seconds are checked, but not added. Default: 0. */
  readonly fromSecond?: number;
}

/** What a report holds of a second. */
export interface MergedSecond {
  readonly second: number;
  /** Requests, without series that time parts of requests. */
  requests: number;
}

/**
 * Adds up the reports of all workers by second. The entries of a report are added from their bytes
 * to the sums of their second and series, once each. Whatever a second has gained is then taken as
 * one delta.
 *
 * Takes memory for the series of five seconds, and otherwise for the encoded counts that have not
 * been taken.
 */
export class OpenIntervals {
  readonly #keys: RunKeys;
  readonly #parsed = new ParsedCounts();
  /** The one that was added to last is at the end. */
  readonly #open = new Map<number, OpenSecond>();
  readonly #idle: OpenSecond[] = [];
  readonly #encoded = new Map<number, IntervalDelta>();

  /**
   * @param maxSeries further series are counted as `(other)`
   * @param listed series that have been counted before, as in a resumed run
   */
  constructor(maxSeries?: number, listed: Iterable<SeriesKey> = []) {
    this.#keys = new RunKeys(maxSeries);
    for (const key of listed) this.#keys.seriesNumber(key);
  }

  /** A table for the keys of a worker. It is only valid for these intervals. */
  keyTable(): KeyTable {
    return new KeyTable(this.#keys);
  }

  /**
   * Merges a report whole or not at all.
   * @param keys learned from this report and earlier ones of the worker
   * @returns what the report holds; undefined if it uses unknown keys, and nothing is merged
   * @throws RangeError if the report is invalid; nothing is merged then
   */
  merge(
    { dictionary, counts, rest = [] }: EncodedCounts,
    keys: KeyTable,
    { newestSecond, fromSecond = 0 }: MergeLimits,
  ): MergedSecond[] | undefined {
    if (dictionary !== keys.dictionary || !this.#parsed.parse(counts, keys, newestSecond)) return undefined;
    for (const rare of rest) checkRest(rare, newestSecond);
    const merged = new MergedSeconds(fromSecond, (second) => this.#openSecond(second));
    this.#addSeries(merged);
    this.#addChecks(merged);
    for (const { second, latency } of this.#parsed.coarse) merged.open(second)?.addCoarse(latency);
    this.#addWindows(merged, fromSecond);
    for (const rare of rest) merged.open(rare.second)?.addRare(rare);
    return [...merged.bySecond.values()];
  }

  /** The seconds that have gained anything since they were last taken, ascending. */
  get changed(): number[] {
    return [...new Set([...this.#open.keys(), ...this.#encoded.keys()])].sort((a, b) => a - b);
  }

  /**
   * Returns what a second has gained since it was last taken, and removes it; undefined if it has
   * gained nothing.
   */
  take(second: number): IntervalDelta | undefined {
    const encoded = this.#encoded.get(second);
    this.#encoded.delete(second);
    const added = this.#close(second);
    if (encoded === undefined || added === undefined) return added ?? encoded;
    return mergeDeltas([encoded, added])[0];
  }

  #addSeries(merged: MergedSeconds): void {
    const parsed = this.#parsed;
    const { fields, end } = parsed;
    const { isPart } = this.#keys;
    for (let at = 0; at < end; at += FIELDS) {
      const open = merged.open(fields[at + FIELD.second]!);
      if (isPart[fields[at + FIELD.series]!] !== true)
        merged.current!.requests += fields[at + FIELD.requests]!;
      open?.addSeries(parsed, at);
    }
  }

  #addChecks(merged: MergedSeconds): void {
    const parsed = this.#parsed;
    const { checks, checksEnd } = parsed;
    for (let at = 0; at < checksEnd; at += CHECK_FIELDS) {
      merged.open(checks[at + CHECK.second]!)?.addCheck(parsed, at);
    }
  }

  #addWindows(merged: MergedSeconds, countsFrom: number): void {
    const parsed = this.#parsed;
    const { windows, windowsEnd } = parsed;
    for (let at = 0; at < windowsEnd; at += WINDOW_FIELDS) {
      const open = merged.open(windows[at + WINDOW.second]!);
      if (windows[at + WINDOW.fromSecond]! >= countsFrom) open?.addWindow(parsed, at);
    }
  }

  #openSecond(second: number): OpenSecond {
    const known = this.#open.get(second);
    if (known !== undefined) {
      this.#open.delete(second);
      this.#open.set(second, known);
      return known;
    }
    if (this.#open.size >= MAX_OPEN) this.#encodeOldest();
    const open = this.#idle.pop() ?? new OpenSecond(this.#keys);
    this.#open.set(second, open);
    return open;
  }

  /** Encodes the second that was added to least recently. */
  #encodeOldest(): void {
    const [second] = this.#open.keys();
    const delta = this.take(second!);
    if (delta !== undefined) this.#encoded.set(second!, delta);
  }

  #close(second: number): IntervalDelta | undefined {
    const open = this.#open.get(second);
    if (open === undefined) return undefined;
    this.#open.delete(second);
    if (this.#idle.length < MAX_IDLE) this.#idle.push(open);
    const delta = open.take(second);
    return delta && this.#withUnlisted(delta);
  }

  /** Adds the sketch of the series that were found to be `(other)`. Each delta may have it. */
  #withUnlisted(delta: IntervalDelta): IntervalDelta {
    const { unlisted } = this.#keys.series;
    if (unlisted.empty) return delta;
    if (delta.unlisted) unlisted.merge(delta.unlisted);
    const sketch = unlisted.sketch()!;
    unlisted.clear();
    return { ...delta, unlisted: sketch };
  }
}

/** Finds the seconds of a report, in which entries of the same second follow each other. */
class MergedSeconds {
  readonly bySecond = new Map<number, MergedSecond>();
  current: MergedSecond | undefined;
  #open: OpenSecond | undefined;

  constructor(
    private readonly fromSecond: number,
    private readonly openSecond: (second: number) => OpenSecond,
  ) {}

  /** Makes a second the current one. @returns undefined if its counts are not added */
  open(second: number): OpenSecond | undefined {
    if (this.current?.second === second) return this.#open;
    this.current = this.bySecond.get(second) ?? { second, requests: 0 };
    this.bySecond.set(second, this.current);
    this.#open = second < this.fromSecond ? undefined : this.openSecond(second);
    return this.#open;
  }
}

function checkRest(rare: RareCounts, newestSecond: number): void {
  checkRareCounts(rare);
  if (rare.second > newestSecond) {
    throw new RangeError(`counts of second ${rare.second}, which has not begun`);
  }
}
