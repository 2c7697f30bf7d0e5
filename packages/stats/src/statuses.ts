import { OTHER_STATUS, statusCodeOf, statusText } from '@drumline/model';
import { MAX_STATUSES } from './limits.js';

/** Requests whose response had a status, by its code: see `statusCodeOf`. */
export type StatusCount = readonly [code: number, requests: number];

/** Requests by the text of their status: `{ "200": 1234, "503": 2 }`. */
export type StatusTotals = Record<string, number>;

/** Counts requests by status. */
export class StatusTally {
  /** Lists, because a series rarely has more than three. The used part ends at `#size`. */
  readonly #codes: number[] = [];
  readonly #requests: number[] = [];
  #size = 0;
  /** The status that was recorded last. Its count is at `#at`. */
  #last: number | string | undefined;
  #at = 0;

  /** Counts a response. Called for each request. Allocates nothing for a code that it knows. */
  record(status: number | string): void {
    if (status === this.#last) {
      this.#requests[this.#at]! += 1;
      return;
    }
    this.add(statusCodeOf(status), 1);
    this.#last = status;
  }

  /** @param code of `statusCodeOf` */
  add(code: number, requests: number): void {
    this.#last = undefined;
    for (let at = 0; at < this.#size; at++) {
      if (this.#codes[at] !== code) continue;
      this.#requests[at]! += requests;
      this.#at = at;
      return;
    }
    this.#addCode(code, requests);
  }

  addAll(counts: readonly StatusCount[]): void {
    for (const [code, requests] of counts) this.add(code, requests);
  }

  /** Ascending by code; undefined if there are none. */
  delta(): StatusCount[] | undefined {
    if (this.#size === 0) return undefined;
    const counts: StatusCount[] = [];
    for (let at = 0; at < this.#size; at++) counts.push([this.#codes[at]!, this.#requests[at]!]);
    return counts.sort(([a], [b]) => a - b);
  }

  /** Ascending by code; undefined if there are none. */
  totals(): StatusTotals | undefined {
    const counts = this.delta();
    return counts && Object.fromEntries(counts.map(([code, requests]) => [statusText(code), requests]));
  }

  /** Resets all counts. Keeps the memory. */
  reset(): void {
    this.#size = 0;
    this.#last = undefined;
  }

  #addCode(code: number, requests: number): void {
    if (requests === 0) return;
    if (code !== OTHER_STATUS && this.#isFull) return this.add(OTHER_STATUS, requests);
    this.#codes[this.#size] = code;
    this.#requests[this.#size] = requests;
    this.#at = this.#size++;
  }

  /** The place for all other codes does not count, as with other limits. */
  get #isFull(): boolean {
    if (this.#size < MAX_STATUSES) return false;
    return this.#size > MAX_STATUSES || this.#codes.lastIndexOf(OTHER_STATUS, this.#size - 1) === -1;
  }
}

/** @throws RangeError if a code is invalid, or if there are more statuses than ended requests */
export function checkStatusCounts(counts: readonly StatusCount[], ended: number): void {
  let sum = 0;
  for (const [code, requests] of counts) {
    if (statusCodeOf(code) !== code) throw new RangeError(`${code} is not the code of a status`);
    sum += requests;
  }
  checkStatusSum(sum, ended);
}

/** @throws RangeError if there are more statuses than requests that were not interrupted */
export function checkStatusSum(statuses: number, ended: number): void {
  if (statuses > ended) throw new RangeError(`${statuses} statuses of ${ended} requests`);
}
