import { ConnectionError } from '../errors.js';

/**
 * Lengths in bits of the codes of the bytes 0 to 255 and of the end of string: RFC 7541, appendix
 * B. The code is canonical: codes of one length follow each other in the order of their bytes. The
 * lengths therefore define it.
 */
// prettier-ignore
const CODE_BITS = Uint8Array.of(
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
);
const END_OF_STRING = 256;
const LONGEST_BITS = 30;
const SHORTEST_BITS = 5;

const CODES = canonicalCodes();

function canonicalCodes(): Uint32Array {
  const codes = new Uint32Array(CODE_BITS.length);
  let next = 0;
  for (let bits = SHORTEST_BITS; bits <= LONGEST_BITS; bits++) {
    for (let symbol = 0; symbol < CODE_BITS.length; symbol++) {
      if (CODE_BITS[symbol] === bits) codes[symbol] = next++;
    }
    next *= 2;
  }
  return codes;
}

/**
 * The size of the text when coded, in bytes.
 * @param latin1 one-byte characters
 */
export function huffmanBytes(latin1: string): number {
  let bits = 0;
  for (let i = 0; i < latin1.length; i++) bits += CODE_BITS[latin1.charCodeAt(i)]!;
  return Math.ceil(bits / 8);
}

/**
 * @param latin1 one-byte characters
 * @returns text with one character per byte
 */
export function huffmanEncode(latin1: string): string {
  const coded = Buffer.allocUnsafe(huffmanBytes(latin1));
  let length = 0;
  /** Bits that do not fill a byte yet: at most seven. */
  let rest = 0;
  let restBits = 0;
  for (let i = 0; i < latin1.length; i++) {
    const symbol = latin1.charCodeAt(i);
    const code = CODES[symbol]!;
    let left = CODE_BITS[symbol]!;
    while (restBits + left >= 8) {
      left -= 8 - restBits;
      coded[length++] = (rest << (8 - restBits)) | (code >>> left);
      rest = 0;
      restBits = 0;
    }
    rest = (rest << left) | (code & ((1 << left) - 1));
    restBits += left;
  }
  // Padded with the first bits of the end-of-string code, which are all ones.
  if (restBits > 0) coded[length] = (rest << (8 - restBits)) | (0xff >> restBits);
  return coded.toString('latin1');
}

/**
 * The code as a state machine that reads four bits per step.
 *
 * For each inner node of the code's tree and each four bits, it gives the next node and the
 * completed byte, if any. Codes are longer than four bits, so there is never more than one.
 */
const STEPS = new Uint32Array(256 * 16);
const EMITS = 1 << 16;
const FAILS = 1 << 17;
/** Nodes where a string may end: at most seven ones since the last byte. RFC 7541, section 5.2. */
const MAY_END = new Uint8Array(256);

buildSteps();

function buildSteps(): void {
  const nodeOf = new Map<string, number>();
  const symbolOf = new Map<string, number>();
  for (let symbol = 0; symbol <= END_OF_STRING; symbol++) {
    const code = CODES[symbol]!.toString(2).padStart(CODE_BITS[symbol]!, '0');
    symbolOf.set(code, symbol);
    for (let bits = 0; bits < code.length; bits++) {
      const inner = code.slice(0, bits);
      if (!nodeOf.has(inner)) nodeOf.set(inner, nodeOf.size);
    }
  }
  for (const [path, node] of nodeOf) {
    if (path.length < 8 && !path.includes('0')) MAY_END[node] = 1;
    for (let four = 0; four < 16; four++) {
      let here = path;
      let step = 0;
      for (const bit of four.toString(2).padStart(4, '0')) {
        here += bit;
        const symbol = symbolOf.get(here);
        if (symbol === undefined) continue;
        step = symbol === END_OF_STRING ? FAILS : EMITS | (symbol << 8);
        here = '';
      }
      STEPS[node * 16 + four] = step | nodeOf.get(here)!;
    }
  }
}

let scratch = Buffer.allocUnsafeSlow(4096);

/** @throws ConnectionError if the bytes are not a coded string with its padding */
export function huffmanDecode(bytes: Buffer, start: number, end: number): string {
  const longest = Math.floor(((end - start) * 8) / SHORTEST_BITS);
  if (longest > scratch.length) scratch = Buffer.allocUnsafeSlow(longest);
  let length = 0;
  let node = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const high = STEPS[node * 16 + (byte >> 4)]!;
    if (high & EMITS) scratch[length++] = (high >> 8) & 0xff;
    const low = STEPS[(high & 0xff) * 16 + (byte & 0xf)]!;
    if (low & EMITS) scratch[length++] = (low >> 8) & 0xff;
    if ((high | low) & FAILS) throw broken();
    node = low & 0xff;
  }
  if (MAY_END[node] === 0) throw broken();
  return scratch.toString('latin1', 0, length);
}

function broken(): ConnectionError {
  return new ConnectionError('COMPRESSION_ERROR', 'a broken Huffman code in a header block');
}
