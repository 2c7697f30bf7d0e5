import type { Failure } from '../engine/failure.js';
import type { Oddity } from '../engine/oddities.js';
import { BROKEN, MORE } from './fields.js';
import { isMendable, mended, SectionEnd } from './mender.js';

const MAX_SECTION_BYTES = 64 * 1024;
const FIRST_HELD_BYTES = 1024;
const MAX_LOOKED_AT_BYTES = 4 * 1024;
export const EMPTY_LINE = '\r\n';
const NOTHING = Buffer.alloc(0);

/** Finds the end of a head or of trailers, in one call or several. */
export interface SectionScanner {
  readonly failure: Failure | undefined;
  begin(start: number): void;
  /** All bytes have moved this many places towards the beginning. */
  shift(by: number): void;
  /** @returns where the section ends; `MORE`; or `BROKEN`, see `failure` */
  scan(bytes: Buffer, end: number): number;
}

/**
 * A head or trailers, read as they arrive.
 *
 * A complete section is read in place; an incomplete one is copied until the rest arrives. If the
 * scan rejects its lines, it is mended once complete, unless the caller is strict.
 */
export class Section {
  failure: Failure | undefined;
  /** After its end: all lines including the empty last one, one character per byte. */
  text = '';
  /** Oddities mended since `begin` or noted by the caller. Undefined if none. */
  oddities: Set<Oddity> | undefined;
  #strict = false;
  /** Whether it must be mended once its end arrives. */
  #mends = false;
  /** How much of it has been examined. */
  #lookedAt = 0;
  readonly #sectionEnd = new SectionEnd();
  #held = NOTHING;
  #heldLength = 0;
  #roomBytes = 0;

  constructor(
    private readonly scanner: SectionScanner,
    private readonly tooLarge: Failure,
  ) {}

  /**
   * Starts the first section of this kind in a response. All such sections together are limited to
   * 64 KB.
   */
  begin(strict: boolean): void {
    this.#strict = strict;
    this.#mends = false;
    this.oddities = undefined;
    this.#heldLength = 0;
    this.#roomBytes = MAX_SECTION_BYTES;
  }

  /** @returns where it ends in bytes[start, end); `MORE`; or `BROKEN`, see `failure` */
  read(bytes: Buffer, start: number, end: number): number {
    return this.#heldLength > 0 ? this.#readOn(bytes, start, end) : this.#readInPlace(bytes, start, end);
  }

  #readInPlace(bytes: Buffer, start: number, end: number): number {
    const scanner = this.scanner;
    const limit = Math.min(end, start + this.#roomBytes);
    scanner.begin(start);
    const after = scanner.scan(bytes, limit);
    if (after >= 0) {
      this.#end(bytes, start, after);
      return after;
    }
    if (after === MORE && limit - start < this.#roomBytes) {
      scanner.shift(start);
      this.#hold(bytes, start, limit);
      return MORE;
    }
    if (after !== BROKEN || !this.#mayMend) return this.#break(after);
    this.#hold(bytes, start, limit);
    return this.#mend(start);
  }

  #readOn(bytes: Buffer, start: number, end: number): number {
    const heldBefore = this.#heldLength;
    this.#hold(bytes, start, Math.min(end, start + this.#roomBytes - heldBefore));
    if (this.#mends) return this.#mend(start - heldBefore);
    const after = this.scanner.scan(this.#held, this.#heldLength);
    if (after >= 0) {
      this.#end(this.#held, 0, after);
      this.#letGo();
      return start + after - heldBefore;
    }
    if (after === BROKEN && this.#mayMend) return this.#mend(start - heldBefore);
    return after === MORE && this.#heldLength < this.#roomBytes ? MORE : this.#break(after);
  }

  get #mayMend(): boolean {
    return !this.#strict && isMendable(this.scanner.failure);
  }

  #beginMending(): void {
    this.#mends = true;
    this.#lookedAt = 0;
    this.#sectionEnd.begin();
  }

  /** @param start where the retained bytes would begin in the bytes being read */
  #mend(start: number): number {
    if (!this.#mends) this.#beginMending();
    const after = this.#sectionEnd.find(this.#held, this.#heldLength);
    if (after === -1) {
      if (this.#isHopeless) return this.#break(BROKEN);
      return this.#heldLength < this.#roomBytes ? MORE : this.#break(MORE);
    }
    const text = mended(this.#held.toString('latin1', 0, after), (this.oddities ??= new Set()));
    const bytes = Buffer.from(text, 'latin1');
    this.scanner.begin(0);
    if (this.scanner.scan(bytes, bytes.length) !== bytes.length) return this.#break(BROKEN);
    this.#roomBytes -= after;
    this.text = text;
    this.#mends = false;
    this.#letGo();
    return start + after;
  }

  /**
   * Whether the lines so far cannot be mended. Not checked in long sections, because each check
   * reads all of them.
   */
  get #isHopeless(): boolean {
    const { settled } = this.#sectionEnd;
    if (settled <= this.#lookedAt || settled > MAX_LOOKED_AT_BYTES) return false;
    this.#lookedAt = settled;
    const bytes = Buffer.from(mended(this.#held.toString('latin1', 0, settled), new Set()), 'latin1');
    this.scanner.begin(0);
    return this.scanner.scan(bytes, bytes.length) === BROKEN;
  }

  #letGo(): void {
    this.#held = NOTHING;
    this.#heldLength = 0;
  }

  #end(bytes: Buffer, start: number, after: number): void {
    this.#roomBytes -= after - start;
    this.text = after - start === EMPTY_LINE.length ? EMPTY_LINE : bytes.toString('latin1', start, after);
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const length = this.#heldLength + end - start;
    if (length > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_HELD_BYTES, length, this.#held.length * 2));
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    bytes.copy(this.#held, this.#heldLength, start, end);
    this.#heldLength = length;
  }

  #break(result: number): number {
    this.failure = result === BROKEN ? this.scanner.failure : this.tooLarge;
    return BROKEN;
  }
}
