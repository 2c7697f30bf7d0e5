// Tables are not exported: imports are looked up at each use, which slows loops over bytes.

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const COMMA = 0x2c;
export const SEMICOLON = 0x3b;
export const ZERO = 0x30;

/** 1 for each byte allowed in a field name: `token`, RFC 9110, section 5.6.2. */
const TOKEN = tableOf(/[!#$%&'*+\-.^_`|~0-9A-Za-z]/);
/**
 * 1 for each byte allowed in a field value or a reason: tab, visible characters, spaces, and bytes
 * above ASCII. RFC 9110, section 5.5.
 */
const TEXT = tableOf(/[\t\x20-\x7e\x80-\xff]/);

/** @returns where the name that starts here ends */
export function skipToken(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && TOKEN[bytes[at]!] === 1) at++;
  return at;
}

/** @returns where the text that starts here ends */
export function skipText(bytes: Buffer, start: number, end: number): number {
  let at = skipPlainWords(bytes, start, end - 4);
  while (at < end && TEXT[bytes[at]!] === 1) at++;
  return at;
}

export function isText(byte: number): boolean {
  return TEXT[byte] === 1;
}

/**
 * Reads four bytes at any place, the first in the highest bits. All connections read into the same
 * memory, so its view is made once.
 */
export function wordsOf(bytes: Buffer): DataView {
  if (bytes !== viewed) {
    viewed = bytes as typeof viewed;
    view = new DataView(viewed.buffer, bytes.byteOffset, bytes.length);
  }
  return view;
}

let viewed = Buffer.alloc(0);
let view = new DataView(viewed.buffer);

/**
 * Whether any of the four bytes under the mask is not visible ASCII or a space. If one is not, its
 * neighbors may be misjudged as well.
 */
export function hasOtherThanPlain(word: number, mask: number): boolean {
  // The top bit of a byte is set by a borrow below 0x20, by a carry from 0x7f, or above ASCII.
  return (((word - 0x20202020) | (word + 0x01010101)) & 0x80808080 & mask) !== 0;
}

/**
 * @returns the first place, at most `last`, where four bytes are not all visible ASCII or spaces
 */
function skipPlainWords(bytes: Buffer, start: number, last: number): number {
  const words = wordsOf(bytes);
  let at = start;
  while (at <= last && !hasOtherThanPlain(words.getInt32(at), -1)) at += 4;
  return at;
}

function tableOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (characters.test(String.fromCharCode(byte)) ? 1 : 0));
}
