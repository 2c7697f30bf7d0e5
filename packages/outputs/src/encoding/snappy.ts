/** Bytes that are compressed independently of each other. */
const BLOCK = 65_536;
const TABLE_BITS = 14;

/**
 * Compresses in the block format of Snappy, without framing.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappyBlock(input: Uint8Array): Buffer {
  const output = new Output(input.length);
  output.varint(input.length);
  const table = new Uint16Array(1 << TABLE_BITS);
  for (let from = 0; from < input.length; from += BLOCK) {
    table.fill(0);
    compress(input.subarray(from, from + BLOCK), table, output);
  }
  return output.take();
}

/** @param table positions of four bytes by their hash */
function compress(block: Uint8Array, table: Uint16Array, output: Output): void {
  let literalFrom = 0;
  let at = 1;
  // After many positions without a match, only some are tried.
  let misses = 32;
  while (at + 4 <= block.length) {
    const word = wordAt(block, at);
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - TABLE_BITS);
    const match = table[hash]!;
    table[hash] = at;
    if (match >= at || wordAt(block, match) !== word) {
      at += misses++ >>> 5;
      continue;
    }
    misses = 32;
    let length = 4;
    while (at + length < block.length && block[match + length] === block[at + length]) length += 1;
    output.literal(block.subarray(literalFrom, at));
    output.copy(at - match, length);
    at += length;
    literalFrom = at;
  }
  output.literal(block.subarray(literalFrom));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

class Output {
  readonly #bytes: Buffer;
  #end = 0;

  /** @param input length of what is compressed */
  constructor(input: number) {
    // The bound of Snappy's own library.
    this.#bytes = Buffer.allocUnsafe(32 + input + Math.floor(input / 6));
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#byte((rest & 0x7f) | 0x80);
    this.#byte(rest);
  }

  literal(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const last = bytes.length - 1;
    if (last < 60) this.#byte(last << 2);
    else if (last < 0x100) {
      this.#byte(60 << 2);
      this.#byte(last);
    } else {
      this.#byte(61 << 2);
      this.#byte(last & 0xff);
      this.#byte(last >>> 8);
    }
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Repeats what was written `offset` bytes ago. */
  copy(offset: number, length: number): void {
    for (let left = length; left > 0;) {
      const part = Math.min(left, 64);
      this.#byte(((part - 1) << 2) | 2);
      this.#byte(offset & 0xff);
      this.#byte(offset >>> 8);
      left -= part;
    }
  }

  #byte(value: number): void {
    this.#bytes[this.#end++] = value;
  }
}
