import type { Failure } from '../engine/failure.js';
import { CR, LF, skipText, SPACE, ZERO } from './bytes.js';
import { FAULTS } from './faults.js';
import { BROKEN, MORE } from './fields.js';

const BEGINNING = Buffer.from('HTTP/1.', 'latin1');
const VERSION_AT = BEGINNING.length;
const STATUS_AT = VERSION_AT + 2;
const REASON_AT = STATUS_AT + 3;

/**
 * Reads the status line (`HTTP/1.1 200 OK`): RFC 9112, section 4.
 *
 * The reason may be missing, even with the space before it, because some servers omit both.
 * Statuses above 599 are undefined but occur, and a load test should count them. The scan resumes
 * where it stopped when more bytes arrive.
 */
export class StatusLineScanner {
  failure: Failure | undefined;
  /** 100 to 999. */
  status = 0;
  /** Whether it is HTTP/1.0. */
  old = false;
  #start = 0;
  #position = 0;

  begin(start: number): void {
    this.#start = start;
    this.#position = start;
  }

  shift(by: number): void {
    this.#start -= by;
    this.#position -= by;
  }

  /** @returns where the next line starts; `MORE`; or `BROKEN`, see `failure` */
  scan(bytes: Buffer, end: number): number {
    const reasonAt = this.#start + REASON_AT;
    if (this.#position < reasonAt) {
      const failure = this.#checkBeginning(bytes, end);
      if (failure !== undefined) return this.#break(failure);
      if (end <= reasonAt) return MORE;
      this.#position = reasonAt;
    }
    const from = this.#position;
    if (from === reasonAt && bytes[from] !== SPACE && bytes[from] !== CR)
      return this.#break(bytes[from] === LF ? FAULTS.lineFeed : FAULTS.statusLine);
    const at = skipText(bytes, from, end);
    this.#position = at;
    if (at === end) return MORE;
    if (bytes[at] !== CR) return this.#break(bytes[at] === LF ? FAULTS.lineFeed : FAULTS.statusLine);
    if (at + 1 === end) return MORE;
    return bytes[at + 1] === LF ? at + 2 : this.#break(FAULTS.lineBreak);
  }

  /** Checks version and status, as far as they have arrived. */
  #checkBeginning(bytes: Buffer, end: number): Failure | undefined {
    const start = this.#start;
    const length = Math.min(end - start, REASON_AT);
    let status = 0;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i]!;
      if (i < VERSION_AT) {
        if (byte !== BEGINNING[i]) return i < 5 ? FAULTS.notHttp : FAULTS.version;
      } else if (i === VERSION_AT) {
        if (byte !== ZERO && byte !== ZERO + 1) return FAULTS.version;
        this.old = byte === ZERO;
      } else if (i < STATUS_AT) {
        if (byte !== SPACE) return FAULTS.statusLine;
      } else {
        if (byte === SPACE && i === STATUS_AT) return FAULTS.statusSpaces;
        if (byte < (i === STATUS_AT ? ZERO + 1 : ZERO) || byte > ZERO + 9) return FAULTS.statusLine;
        status = status * 10 + byte - ZERO;
      }
    }
    this.status = status;
    return undefined;
  }

  #break(failure: Failure): number {
    this.failure = failure;
    return BROKEN;
  }
}
