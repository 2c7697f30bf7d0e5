import { hasOtherThanPlain, wordsOf } from './bytes.js';
import { isFramingField } from './framing.js';
import type { H1Head } from './head.js';

const WORD_BYTES = 4;
const EIGHT = 8;
/** The byte order of most machines. Either would work. */
const LITTLE_ENDIAN = true;
const EMPTY_LINE = 0x0d0a0d0a;

/**
 * The parts that similar heads share: everything except the values of headers that do not affect
 * framing, such as the date.
 *
 * A head that is otherwise equal, byte for byte, has the same meaning and needs no parsing.
 */
export class HeadPattern {
  /** The last matching head, and its bytes in groups of eight. */
  #head: H1Head;
  readonly #last: Float64Array;
  /** The bytes of the first head. */
  readonly #first: Int32Array;
  /** All bits set in each byte that may differ. */
  readonly #free: Int32Array;

  constructor(head: H1Head) {
    this.#head = head;
    const bytes = Buffer.from(head.text, 'latin1');
    this.#first = wordsIn(bytes);
    this.#last = new Float64Array(Math.ceil(head.text.length / EIGHT));
    this.#remember(wordsOf(bytes), 0);
    this.#free = wordsIn(freeBytes(head.text));
  }

  /** The head at the start of bytes[start, end), if it matches this pattern. */
  match(bytes: Buffer, start: number, end: number): H1Head | undefined {
    const { length } = this.#head.text;
    if (length > end - start) return undefined;
    const view = wordsOf(bytes);
    if (this.#isLast(view, start)) return this.#head;
    if (!this.#isAlike(view, start, length)) return undefined;
    this.#remember(view, start);
    return (this.#head = this.#head.withText(bytes.toString('latin1', start, start + length)));
  }

  /**
   * Compares bytes as doubles: eight at once, and cheaper than making a string. Different doubles
   * made of text are never equal, because that would need a zero.
   */
  #isLast(view: DataView, start: number): boolean {
    const last = this.#last;
    const whole = last.length - 1;
    for (let i = 0, at = start; i < whole; i++, at += EIGHT) {
      if (view.getFloat64(at, LITTLE_ENDIAN) !== last[i]) return false;
    }
    return view.getFloat64(start + this.#head.text.length - EIGHT, LITTLE_ENDIAN) === last[whole];
  }

  #remember(view: DataView, start: number): void {
    const last = this.#last;
    const whole = last.length - 1;
    for (let i = 0; i < whole; i++) last[i] = view.getFloat64(start + i * EIGHT, LITTLE_ENDIAN);
    last[whole] = view.getFloat64(start + this.#head.text.length - EIGHT, LITTLE_ENDIAN);
  }

  #isAlike(view: DataView, start: number, length: number): boolean {
    const first = this.#first;
    for (let i = 0; i < first.length; i++) {
      const word = view.getInt32(start + i * WORD_BYTES);
      const difference = word ^ first[i]!;
      if (difference === 0) continue;
      const free = this.#free[i]!;
      if ((difference & ~free) !== 0 || hasOtherThanPlain(word, free)) return false;
    }
    return view.getInt32(start + length - WORD_BYTES) === EMPTY_LINE;
  }
}

/** All complete words. The remaining bytes belong to the empty line. */
function wordsIn(bytes: Buffer): Int32Array {
  const count = Math.floor(bytes.length / WORD_BYTES);
  return Int32Array.from({ length: count }, (_, i) => bytes.readInt32BE(i * WORD_BYTES));
}

/** 0xff for each byte of a value that does not affect framing, else 0. */
function freeBytes(text: string): Buffer {
  const free = Buffer.alloc(text.length);
  for (const { 1: name, 2: value, index } of text.matchAll(/\n([^:\r\n]+):([^\r]*)/g)) {
    const start = index + 1 + name!.length + 1;
    if (!isFramingField(name!)) free.fill(0xff, start, start + value!.length);
  }
  return free;
}
