/** A frame that is not a Drumline message. It is counted and dropped; the receiver continues. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

/** The deepest nesting of a message, including the result of a `setup`. */
const MAX_DEPTH = 100;

/** Allowed extension types: undefined as written by msgpackr, and the date of msgpack. */
const KNOWN_EXTENSIONS: readonly (number | undefined)[] = [0x00, 0xff];

/** Bytes of floats and integers, by their first byte from 0xca. */
const NUMBER_BYTES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

/**
 * Validates the bytes of a msgpack value without decoding them, so that the decoder cannot be made
 * to allocate more than the frame justifies. Declared lengths must lie within the frame, nesting
 * and the number of values are limited, and unknown extensions are refused. Layout: msgpack
 * specification, section "Formats".
 * @param maxValues limit of values, including keys and nested values
 * @throws BadFrame
 */
export function scanFrame(frame: Uint8Array, maxValues: number): void {
  new FrameScan(frame, maxValues).run();
}

class FrameScan {
  #at = 0;
  /** Number of missing values at each depth, the innermost last. */
  readonly #pending = [1];
  #values = 0;

  constructor(
    private readonly frame: Uint8Array,
    private readonly maxValues: number,
  ) {}

  run(): void {
    const pending = this.#pending;
    while (pending.length > 0) {
      const innermost = pending.length - 1;
      if (pending[innermost] === 0) pending.pop();
      else {
        pending[innermost]! -= 1;
        this.#value(this.#uint(1));
      }
    }
    const left = this.frame.length - this.#at;
    if (left > 0) throw new BadFrame(`${left} bytes after the message`);
  }

  #value(token: number): void {
    this.#values += 1;
    if (this.#values > this.maxValues) throw new BadFrame(`more than ${this.maxValues} values`);
    if (token < 0x80 || token >= 0xe0) return;
    if (token < 0x90) return this.#open(2 * (token & 0x0f));
    if (token < 0xa0) return this.#open(token & 0x0f);
    if (token < 0xc0) return this.#skip(token & 0x1f);
    if (token >= 0xca && token <= 0xd3) return this.#skip(NUMBER_BYTES[token - 0xca]!);
    switch (token) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#skip(this.#uint(1 << (token - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#uint(1 << (token - 0xc7)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (token - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#skip(this.#uint(1 << (token - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#open(this.#uint(2 << (token - 0xdc)));
      case 0xde:
      case 0xdf:
        return this.#open(2 * this.#uint(2 << (token - 0xde)));
      default:
        throw new BadFrame('a byte that msgpack never uses');
    }
  }

  /** Enters a list of `size` values, or a map of half as many entries. */
  #open(size: number): void {
    if (size > this.frame.length - this.#at) throw truncated();
    if (this.#pending.length > MAX_DEPTH) throw new BadFrame(`nested more than ${MAX_DEPTH} levels deep`);
    this.#pending.push(size);
  }

  #extension(size: number): void {
    const type = this.#uint(1);
    if (!KNOWN_EXTENSIONS.includes(type)) throw new BadFrame(`an extension of type ${type}`);
    this.#skip(size);
  }

  #skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.frame.length) throw truncated();
  }

  /** Reads an unsigned big-endian number. */
  #uint(bytes: number): number {
    let value = 0;
    const end = this.#at + bytes;
    if (end > this.frame.length) throw truncated();
    while (this.#at < end) value = value * 256 + this.frame[this.#at++]!;
    return value;
  }
}

function truncated(): BadFrame {
  return new BadFrame('truncated');
}
