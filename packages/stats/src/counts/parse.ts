import { statusCodeOf } from '@drumline/model';
import { ByteReader } from '../bytes.js';
import { scanHistogram } from '../codec.js';
import type { EncodedHistogram } from '../histogram.js';
import { checkSecond, checkServiceTimes, type ErrorDelta, MAX_SECONDS } from '../delta.js';
import { ALL_PARTS, PART, PHASE_UNITS_PER_MS, US_PER_MS } from './encode.js';
import { checkStatusSum } from '../statuses.js';
import { checkWindow } from '../windows.js';
import type { KeyTable } from './key-table.js';

/** The most entries of a report. A worker sends a hundredth of that. */
const MAX_ENTRIES = 65_536;
/** The longest text of an error, in characters. */
const MAX_TEXT = 65_536;

/** Positions of the numbers of an entry, see `ParsedCounts`. */
export const FIELD = {
  second: 0,
  series: 1,
  requests: 2,
  failures: 3,
  interrupted: 4,
  resends: 5,
  bytesSent: 6,
  bytesReceived: 7,
  /** Response times: their figures, and where the buckets are in the bytes. */
  count: 8,
  sum: 9,
  min: 10,
  max: 11,
  from: 12,
  to: 13,
  /** Requests with phases, and the sums in milliseconds. */
  phased: 14,
  queuedMs: 15,
  connectMs: 16,
  sendMs: 17,
  waitMs: 18,
  receiveMs: 19,
  /** The errors, in `errors`. */
  errorsFrom: 20,
  errorsTo: 21,
  /** How late the iterations began, of the requests with phases. */
  lateMs: 22,
  /** The service times, in `serviceTimes`; -1 if they equal the response times. */
  service: 23,
  /** The statuses, in `statuses`. */
  statusesFrom: 24,
  statusesTo: 25,
} as const;
/** Numbers of an entry. */
export const FIELDS = 26;

/** Positions of the numbers of a window, see `ParsedCounts`. */
export const WINDOW = {
  second: 0,
  series: 1,
  fromSecond: 2,
  /** Response times and service times, as in `FIELD`. */
  count: 3,
  sum: 4,
  min: 5,
  max: 6,
  from: 7,
  to: 8,
  service: 9,
} as const;
export const WINDOW_FIELDS = 10;

/** Positions of the numbers of a check. */
export const CHECK = { second: 0, check: 1, passes: 2, fails: 3 } as const;
export const CHECK_FIELDS = 4;

/**
 * Counts of a report as numbers, validated, without objects for each entry. Keeps its memory for
 * the next report.
 */
export class ParsedCounts {
  bytes: Uint8Array = new Uint8Array(0);
  /** The entries of all series, one after the other, each with `FIELDS` numbers. */
  fields: Float64Array = new Float64Array(0);
  /** The end of the used part of `fields`. */
  end = 0;
  /** The checks, one after the other, each with `CHECK_FIELDS` numbers. */
  checks: Float64Array = new Float64Array(0);
  checksEnd = 0;
  /** The windows, one after the other, each with `WINDOW_FIELDS` numbers. */
  windows: Float64Array = new Float64Array(0);
  windowsEnd = 0;
  /** The times that no series has, of each second that has any. */
  coarse: { readonly second: number; readonly latency: EncodedHistogram }[] = [];
  errors: ErrorDelta[] = [];
  serviceTimes: EncodedHistogram[] = [];
  /** Code and requests of each status, one after the other. */
  statuses: Float64Array = new Float64Array(0);
  #statusesEnd = 0;
  #newestSecond = 0;

  /**
   * Parses and validates counts, see `encodeCounts`.
   * @returns whether all keys are known; if not, the counts are incomplete
   * @throws RangeError if the counts are invalid
   */
  parse(bytes: Uint8Array, keys: KeyTable, newestSecond: number): boolean {
    this.bytes = bytes;
    this.end = 0;
    this.checksEnd = 0;
    this.windowsEnd = 0;
    this.coarse = [];
    this.errors = [];
    this.serviceTimes = [];
    this.#statusesEnd = 0;
    this.#newestSecond = newestSecond;
    const reader = new ByteReader(bytes);
    while (reader.at < reader.end) if (!this.#parseSecond(reader, keys)) return false;
    return true;
  }

  #parseSecond(reader: ByteReader, keys: KeyTable): boolean {
    const second = reader.varint();
    checkSecond(second);
    if (second > this.#newestSecond) {
      throw new RangeError(`counts of second ${second}, which has not begun`);
    }
    for (let left = reader.varint(); left > 0; left--) {
      const check = keys.checkNumber(reader.varint());
      if (check < 0) return false;
      this.checks = withRoom(this.checks, this.checksEnd, CHECK_FIELDS);
      const at = this.checksEnd;
      this.checks[at + CHECK.second] = second;
      this.checks[at + CHECK.check] = check;
      this.checks[at + CHECK.passes] = reader.varint();
      this.checks[at + CHECK.fails] = reader.varint();
      this.checksEnd += CHECK_FIELDS;
    }
    for (let left = reader.varint(); left > 0; left--) {
      const series = keys.seriesNumber(reader.varint());
      if (series < 0) return false;
      this.fields = withRoom(this.fields, this.end, FIELDS);
      this.fields[this.end + FIELD.second] = second;
      this.fields[this.end + FIELD.series] = series;
      this.#parseSeries(reader, this.fields, this.end);
      this.end += FIELDS;
    }
    const latency = parseHistogram(reader);
    if (latency.count > 0) this.coarse.push({ second, latency: { ...latency } });
    for (let left = reader.varint(); left > 0; left--)
      if (!this.#parseWindow(reader, keys, second)) return false;
    return true;
  }

  #parseWindow(reader: ByteReader, keys: KeyTable, second: number): boolean {
    const series = keys.seriesNumber(reader.varint());
    if (series < 0) return false;
    const fromSecond = second - reader.varint();
    checkWindow(fromSecond, second);
    this.windows = withRoom(this.windows, this.windowsEnd, WINDOW_FIELDS);
    const { windows, windowsEnd: at } = this;
    windows[at + WINDOW.second] = second;
    windows[at + WINDOW.series] = series;
    windows[at + WINDOW.fromSecond] = fromSecond;
    const { count, sum, min, max, from, to } = parseHistogram(reader);
    windows[at + WINDOW.count] = count;
    windows[at + WINDOW.sum] = sum;
    windows[at + WINDOW.min] = min;
    windows[at + WINDOW.max] = max;
    windows[at + WINDOW.from] = from;
    windows[at + WINDOW.to] = to;
    const service = parseHistogram(reader);
    windows[at + WINDOW.service] = service.count === 0 ? -1 : this.#addServiceTimes(service, count);
    this.windowsEnd += WINDOW_FIELDS;
    return true;
  }

  #parseSeries(reader: ByteReader, fields: Float64Array, at: number): void {
    const parts = reader.byte();
    if (parts > ALL_PARTS) throw new RangeError(`malformed counts: unknown parts ${parts}`);
    const requests = reader.varint();
    fields[at + FIELD.requests] = requests;
    fields[at + FIELD.failures] = reader.varint();
    fields[at + FIELD.bytesSent] = reader.varint();
    fields[at + FIELD.bytesReceived] = reader.varint();
    const interrupted = (parts & PART.interrupted) === 0 ? 0 : reader.varint();
    fields[at + FIELD.interrupted] = interrupted;
    fields[at + FIELD.resends] = (parts & PART.resends) === 0 ? 0 : reader.varint();
    let phased = 0;
    if ((parts & PART.phases) !== 0) {
      phased = reader.varint();
      for (let phase: number = FIELD.queuedMs; phase <= FIELD.receiveMs; phase++) {
        fields[at + phase] = reader.varint() / PHASE_UNITS_PER_MS;
      }
    }
    fields[at + FIELD.phased] = phased;
    fields[at + FIELD.lateMs] = (parts & PART.late) === 0 ? 0 : reader.varint() / PHASE_UNITS_PER_MS;
    fields[at + FIELD.errorsFrom] = this.errors.length;
    if ((parts & PART.errors) !== 0) {
      for (let left = reader.varint(); left > 0; left--) {
        if (this.errors.length >= MAX_ENTRIES) throw new RangeError(`more than ${MAX_ENTRIES} errors`);
        this.errors.push(parseError(reader));
      }
    }
    fields[at + FIELD.errorsTo] = this.errors.length;
    fields[at + FIELD.statusesFrom] = this.#statusesEnd;
    if ((parts & PART.statuses) !== 0) this.#parseStatuses(reader, requests - interrupted);
    fields[at + FIELD.statusesTo] = this.#statusesEnd;
    const { count, sum, min, max, from, to } = parseHistogram(reader);
    // Times may be missing, because they follow in a window.
    const timed = requests - interrupted;
    if (count > timed) {
      throw new RangeError(
        `${count} response times for ${requests} requests, ${interrupted} of them interrupted`,
      );
    }
    if (phased > timed) throw new RangeError(`phases of ${phased} requests, response times of ${timed}`);
    fields[at + FIELD.count] = count;
    fields[at + FIELD.sum] = sum;
    fields[at + FIELD.min] = min;
    fields[at + FIELD.max] = max;
    fields[at + FIELD.from] = from;
    fields[at + FIELD.to] = to;
    fields[at + FIELD.service] = (parts & PART.service) === 0 ? -1 : this.#parseServiceTimes(reader, count);
  }

  /** @param ended requests of the entry that were not interrupted */
  #parseStatuses(reader: ByteReader, ended: number): void {
    let sum = 0;
    for (let left = reader.varint(); left > 0; left--) {
      this.statuses = withRoom(this.statuses, this.#statusesEnd, 2);
      this.statuses[this.#statusesEnd++] = statusCodeOf(reader.varint());
      const requests = reader.varint();
      this.statuses[this.#statusesEnd++] = requests;
      sum += requests;
    }
    checkStatusSum(sum, ended);
  }

  /** @returns the position in `serviceTimes` */
  #parseServiceTimes(reader: ByteReader, responseTimes: number): number {
    return this.#addServiceTimes(parseHistogram(reader), responseTimes);
  }

  #addServiceTimes(times: EncodedHistogram, responseTimes: number): number {
    checkServiceTimes(times.count, responseTimes);
    return this.serviceTimes.push({ ...times }) - 1;
  }
}

const NO_TIMES: EncodedHistogram = {
  bytes: new Uint8Array(0),
  from: 0,
  to: 0,
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
};

/** The next call overwrites the result. @throws RangeError if there is no valid histogram */
function parseHistogram(reader: ByteReader): EncodedHistogram {
  const end = reader.endOfBytes();
  if (end === reader.at) return NO_TIMES;
  const histogram = scanHistogram(reader.bytes, reader.at, end);
  reader.at = end;
  return histogram;
}

/** @throws RangeError if there is no valid error */
export function parseError(reader: ByteReader): ErrorDelta {
  const error = parseText(reader);
  const occurrences = reader.varint();
  const firstSeenAtMs = parseTime(reader);
  const lastSeenAtMs = parseTime(reader);
  const seen: ErrorDelta = { error, occurrences, firstSeenAtMs, lastSeenAtMs };
  const examples = reader.byte();
  if (examples > 1) throw new RangeError(`malformed counts: ${examples} examples`);
  if (examples === 1) seen.example = parseText(reader);
  return seen;
}

function parseText(reader: ByteReader): string {
  const text = reader.text();
  if (text.length > MAX_TEXT) throw new RangeError(`malformed counts: a text of ${text.length} characters`);
  return text;
}

function parseTime(reader: ByteReader): number {
  const ms = reader.varint() / US_PER_MS;
  if (ms > MAX_SECONDS * 1_000) throw new RangeError(`malformed counts: an error after ${ms} ms`);
  return ms;
}

/** The array, enlarged if it has no room for `more` numbers. */
function withRoom(array: Float64Array, used: number, more: number): Float64Array {
  if (used + more <= array.length) return array;
  if (used >= MAX_ENTRIES * more) throw new RangeError(`more than ${MAX_ENTRIES} counts in a report`);
  const grown = new Float64Array(Math.max(2 * array.length, 64 * more));
  grown.set(array);
  return grown;
}
