/**
 * Writes messages in the encoding of Protocol Buffers.
 * https://protobuf.dev/programming-guides/encoding/
 *
 * Values that are the default of their type are written, too.
 */
export class ProtoWriter {
  #bytes: Buffer<ArrayBuffer>;
  #end = 0;

  constructor(capacity = 1024) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#end;
  }

  /** A copy of what was written. */
  finish(): Buffer<ArrayBuffer> {
    return Buffer.from(this.#bytes.subarray(0, this.#end));
  }

  /** `uint32`, `uint64`, `int64` of at least 0, enum or bool. At most 2^53 - 1. */
  uint(field: number, value: number): void {
    this.varint(field * 8);
    this.varint(value);
  }

  /** `sint32` or `sint64`. */
  sint(field: number, value: number): void {
    this.varint(field * 8);
    this.varint(zigzag(value));
  }

  double(field: number, value: number): void {
    this.varint(field * 8 + 1);
    this.#reserve(8);
    this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  fixed32(field: number, value: number): void {
    this.varint(field * 8 + 5);
    this.#reserve(4);
    this.#end = this.#bytes.writeUInt32LE(value, this.#end);
  }

  /** `fixed64`, or `sfixed64` as two's complement. */
  fixed64(field: number, value: bigint): void {
    this.varint(field * 8 + 1);
    this.#reserve(8);
    this.#end = this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#end);
  }

  string(field: number, value: string): void {
    this.varint(field * 8 + 2);
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.#reserve(length);
    this.#end += this.#bytes.write(value, this.#end);
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
  }

  /** A nested message. */
  message(field: number, write: () => void): void {
    this.varint(field * 8 + 2);
    this.delimited(write);
  }

  /** A message after its length, without a field. */
  delimited(write: () => void): void {
    // Most messages are shorter than 128 bytes. For others, the content is moved.
    const start = this.#end + 1;
    this.#reserve(1);
    this.#end = start;
    write();
    const length = this.#end - start;
    this.#end = start - 1;
    if (length < 0x80) this.#bytes[this.#end] = length;
    else {
      const size = varintSize(length);
      this.#reserve(size + length);
      this.#bytes.copyWithin(start - 1 + size, start, start + length);
      this.varint(length);
    }
    this.#end = start - 1 + varintSize(length) + length;
  }

  /** A packed list of `uint64`. */
  packedUints(field: number, values: readonly number[]): void {
    if (values.length > 0) this.message(field, () => values.forEach((value) => this.varint(value)));
  }

  /** A packed list of `fixed64`. */
  packedFixed64(field: number, values: readonly number[]): void {
    this.varint(field * 8 + 2);
    this.varint(values.length * 8);
    this.#reserve(values.length * 8);
    for (const value of values) this.#end = this.#bytes.writeBigUInt64LE(BigInt(value), this.#end);
  }

  /** A packed list of `double`. */
  packedDoubles(field: number, values: readonly number[]): void {
    this.varint(field * 8 + 2);
    this.varint(values.length * 8);
    this.#reserve(values.length * 8);
    for (const value of values) this.#end = this.#bytes.writeDoubleLE(value, this.#end);
  }

  /** A packed list of `sint64`. */
  packedSints(field: number, values: readonly number[]): void {
    if (values.length > 0) this.message(field, () => values.forEach((value) => this.varint(zigzag(value))));
  }

  /** An integer without a field, 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#end++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#end++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + bytes));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}
