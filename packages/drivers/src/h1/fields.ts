import type { Failure } from '../engine/failure.js';
import { SPACE, TAB, skipText, skipToken } from './bytes.js';
import { FAULTS } from './faults.js';
import { presenceBit } from './presence.js';

// Local constants: imports would slow the loop.
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

/** The scan reached the end of the bytes received so far. */
export const MORE = -2;
/** The scan found a byte that is not allowed. */
export const BROKEN = -1;

/**
 * Receives each header and may reject it. The value is bytes[colon + 1, end), including surrounding
 * whitespace.
 */
export interface FieldReceiver {
  onField(bytes: Buffer, nameStart: number, colon: number, end: number): Failure | undefined;
}

/**
 * Finds and checks the end of a section of field lines: RFC 9112, section 5.
 *
 * It is strict. It rejects everything that lenient parsers read differently: bare line breaks,
 * folded lines, spaces before the colon, control characters. It resumes where it stopped when more
 * bytes arrive.
 */
export class FieldScanner {
  /** Bit set of the names seen, see `presenceBit`. */
  presence = 0;
  failure: Failure | undefined;
  #lineStart = 0;
  /** Position of the line's colon; 0 while reading the name. */
  #colon = 0;
  #position = 0;
  #receiver: FieldReceiver | undefined;

  /** The section starts here. */
  begin(start: number, receiver?: FieldReceiver): void {
    this.presence = 0;
    this.#receiver = receiver;
    this.#lineStart = start;
    this.#colon = 0;
    this.#position = start;
  }

  /** All bytes have moved this many places towards the beginning. */
  shift(by: number): void {
    this.#lineStart -= by;
    this.#position -= by;
    if (this.#colon > 0) this.#colon -= by;
  }

  /** @returns where the section ends, after its empty line; `MORE`; or `BROKEN`, see `failure` */
  scan(bytes: Buffer, end: number): number {
    let at = this.#position;
    let lineStart = this.#lineStart;
    let colon = this.#colon;
    for (;;) {
      if (colon === 0) {
        at = skipToken(bytes, at, end);
        if (at === end) break;
        if (bytes[at] === COLON && at > lineStart) colon = at++;
        else if (bytes[at] !== CR || at > lineStart)
          return this.#break(faultInName(bytes[at]!, at === lineStart));
        else if (at + 1 === end) break;
        else if (bytes[at + 1] === LF) return at + 2;
        else return this.#break(FAULTS.lineBreak);
      }
      at = skipText(bytes, at, end);
      if (at === end) break;
      if (bytes[at] !== CR) return this.#break(bytes[at] === LF ? FAULTS.lineFeed : FAULTS.value);
      if (at + 1 === end) break;
      if (bytes[at + 1] !== LF) return this.#break(FAULTS.lineBreak);
      this.presence |= presenceBit(colon - lineStart, bytes[lineStart]!, bytes[colon - 1]!);
      const failure = this.#receiver?.onField(bytes, lineStart, colon, at);
      if (failure !== undefined) return this.#break(failure);
      at += 2;
      lineStart = at;
      colon = 0;
    }
    this.#position = at;
    this.#lineStart = lineStart;
    this.#colon = colon;
    return MORE;
  }

  #break(failure: Failure): number {
    this.failure = failure;
    return BROKEN;
  }
}

function faultInName(byte: number, first: boolean): Failure {
  if (byte === COLON) return FAULTS.noName;
  if (byte === SPACE || byte === TAB) return first ? FAULTS.folded : FAULTS.spaceInName;
  if (byte === CR) return FAULTS.noColon;
  return byte === LF ? FAULTS.lineFeed : FAULTS.name;
}
