import { hasOtherThanPlain, wordsOf } from './bytes.js';
import { isFramingField } from './framing.js';
import type { H1Head } from './head.js';

const WORD_BYTES = 4;
const EMPTY_LINE = 0x0d0a0d0a;

/**
 * What heads of one kind have in common: all but the values of headers that frame nothing, such as the date. A head that differs in
 * nothing else, byte for byte, has the same meaning and need not be read anew.
 */
export class HeadPattern {
  /** The one that came last. */
  #head: H1Head;
  /** The bytes of the one that came first, four by four. */
  readonly #words: Int32Array;
  /** All bits of each byte that may differ. */
  readonly #free: Int32Array;

  constructor(head: H1Head) {
    this.#head = head;
    this.#words = wordsIn(Buffer.from(head.text, 'latin1'));
    this.#free = wordsIn(freeBytes(head.text));
  }

  /** The head with which bytes[start, end) begins, if it is of this kind. */
  match(bytes: Buffer, start: number, end: number): H1Head | undefined {
    const head = this.#head;
    const { length } = head.text;
    if (length > end - start) return undefined;
    const text = bytes.toString('latin1', start, start + length);
    if (text === head.text) return head;
    if (!this.#isAlike(bytes, start, length)) return undefined;
    return (this.#head = head.withText(text));
  }

  #isAlike(bytes: Buffer, start: number, length: number): boolean {
    const view = wordsOf(bytes);
    const words = this.#words;
    for (let i = 0; i < words.length; i++) {
      const word = view.getInt32(start + i * WORD_BYTES);
      const difference = word ^ words[i]!;
      if (difference === 0) continue;
      const free = this.#free[i]!;
      if ((difference & ~free) !== 0 || hasOtherThanPlain(word, free)) return false;
    }
    return view.getInt32(start + length - WORD_BYTES) === EMPTY_LINE;
  }
}

/** All whole words; what may be left over belongs to the empty line. */
function wordsIn(bytes: Buffer): Int32Array {
  const count = Math.floor(bytes.length / WORD_BYTES);
  return Int32Array.from({ length: count }, (_, i) => bytes.readInt32BE(i * WORD_BYTES));
}

/** 0xff for each byte of a value that frames nothing, else 0. */
function freeBytes(text: string): Buffer {
  const free = Buffer.alloc(text.length);
  for (const { 1: name, 2: value, index } of text.matchAll(/\n([^:\r\n]+):([^\r]*)/g)) {
    const start = index + 1 + name!.length + 1;
    if (!isFramingField(name!)) free.fill(0xff, start, start + value!.length);
  }
  return free;
}
