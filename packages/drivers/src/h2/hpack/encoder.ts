import { huffmanBytes, huffmanEncode } from './huffman.js';
import { STATIC_TABLE } from './static-table.js';

/** Headers that no intermediary may store: RFC 7541, section 7.1.3. */
const SENSITIVE = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

/**
 * Longer values, such as tokens and cookies, rarely repeat. Coding them takes more time than their
 * bytes are worth.
 */
const MAX_CODED_BYTES = 256;

const INDEX_OF_NAME = new Map<string, number>();
const INDEX_OF_FIELD = new Map<string, number>();

for (const [i, [name, value]] of STATIC_TABLE.entries()) {
  if (!INDEX_OF_NAME.has(name)) INDEX_OF_NAME.set(name, i + 1);
  INDEX_OF_FIELD.set(`${name}\n${value}`, i + 1);
}

/**
 * Encodes one header of a block: RFC 7541, section 6.
 *
 * It refers only to the static table and is not to be stored. It therefore means the same in every
 * block of every connection, and blocks can be cached and built from parts.
 * @param name in lower case
 * @param value one-byte characters
 * @returns text with one character per byte
 */
export function encodeField(name: string, value: string): string {
  const sensitive = SENSITIVE.has(name);
  const fieldIndex = sensitive ? undefined : INDEX_OF_FIELD.get(`${name}\n${value}`);
  if (fieldIndex !== undefined) return encodeInteger(fieldIndex, 7, 0x80);
  const kind = sensitive ? 0x10 : 0x00;
  const nameIndex = INDEX_OF_NAME.get(name);
  const start =
    nameIndex === undefined
      ? encodeInteger(0, 4, kind) + encodeString(name)
      : encodeInteger(nameIndex, 4, kind);
  return start + encodeString(value);
}

/** RFC 7541, section 5.2. */
function encodeString(latin1: string): string {
  const codedBytes = latin1.length > MAX_CODED_BYTES ? Infinity : huffmanBytes(latin1);
  return codedBytes < latin1.length
    ? encodeInteger(codedBytes, 7, 0x80) + huffmanEncode(latin1)
    : encodeInteger(latin1.length, 7, 0x00) + latin1;
}

/**
 * Encodes a number with a prefix of some bits: RFC 7541, section 5.1.
 * @param firstByte the bits before the prefix
 */
function encodeInteger(value: number, prefixBits: number, firstByte: number): string {
  const limit = (1 << prefixBits) - 1;
  if (value < limit) return String.fromCharCode(firstByte | value);
  const bytes = [firstByte | limit];
  let rest = value - limit;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return String.fromCharCode(...bytes);
}
