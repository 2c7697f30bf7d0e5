import type { Failure } from '../engine/failure.js';
import { SPACE, TAB, skipText, skipToken } from './bytes.js';
import { FAULTS } from './faults.js';
import { presenceBit } from './presence.js';

// Not imported, as that would show in the loop.
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

/** A scan came to the end of the bytes that are there. */
export const MORE = -2;
/** A scan met what is not allowed. */
export const BROKEN = -1;

/** Hears of each header, and may object. The value is bytes[colon + 1, end), with the white space around it. */
export interface FieldReceiver {
  onField(bytes: Buffer, nameStart: number, colon: number, end: number): Failure | undefined;
}

/**
 * Finds the end of a section of field lines, RFC 9112 §5, and checks it. Strict: what lenient parsers disagree about (bare line
 * breaks, folded lines, spaces before the colon, control characters) is refused. Goes on where it left off when more bytes came.
 */
export class FieldScanner {
  /** Bits of the names met, see `presenceBit`. */
  presence = 0;
  failure: Failure | undefined;
  #lineStart = 0;
  /** Where the colon of the line is; 0 while in its name. */
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

  /** All bytes have moved towards the beginning by so many places. */
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
