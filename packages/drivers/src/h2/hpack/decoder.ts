import { ConnectionError } from '../errors.js';
import { BlockReader } from './block-reader.js';
import { DynamicTable, ENTRY_OVERHEAD_BYTES } from './dynamic-table.js';
import { STATIC_TABLE } from './static-table.js';

/** The initial capacity of both sides: RFC 9113, section 6.5.2. */
const DEFAULT_TABLE_BYTES = 4096;

/** Decodes header blocks: RFC 7541. One per connection, because blocks refer to earlier ones. */
export class HpackDecoder {
  readonly #table = new DynamicTable(DEFAULT_TABLE_BYTES);
  readonly #reader = new BlockReader();
  #limitBytes = DEFAULT_TABLE_BYTES;

  /**
   * @param maxListBytes limit on one block's headers, counting 32 more bytes for each: RFC 9113,
   *   section 6.5.2
   */
  constructor(private readonly maxListBytes: number) {}

  /** Whether blocks mean the same regardless of earlier ones, because no header is stored. */
  get stateless(): boolean {
    return this.#table.capacityBytes === 0;
  }

  /**
   * The peer has acknowledged this limit for its table. A larger table shrinks even if the peer
   * does not announce it.
   */
  limit(tableBytes: number): void {
    this.#limitBytes = tableBytes;
    if (this.#table.capacityBytes > tableBytes) this.#table.resize(tableBytes);
  }

  /**
   * @returns name, value, name, value, …; undefined if they exceed `maxListBytes`
   * @throws ConnectionError if the block is broken; do not use the decoder afterwards
   */
  decode(bytes: Buffer, start: number, end: number): string[] | undefined {
    const reader = this.#reader;
    reader.open(bytes, start, end);
    this.#readTableSizes();
    const fields: string[] = [];
    let listBytes = 0;
    while (!reader.atEnd) {
      const first = reader.peek();
      let name: string;
      let value: string;
      if (first >= 0x80) {
        [name, value] = this.#entry(reader.integer(7));
      } else if (first >= 0x20 && first < 0x40) {
        throw new ConnectionError('COMPRESSION_ERROR', 'a table size that changes inside a header block');
      } else {
        const index = reader.integer(first >= 0x40 ? 6 : 4);
        name = index === 0 ? reader.string() : this.#entry(index)[0];
        value = reader.string();
        if (first >= 0x40) this.#table.insert(name, value);
      }
      listBytes += name.length + value.length + ENTRY_OVERHEAD_BYTES;
      if (listBytes <= this.maxListBytes) fields.push(name, value);
    }
    return listBytes <= this.maxListBytes ? fields : undefined;
  }

  /** RFC 7541, section 4.2: allowed only at the beginning of a block. */
  #readTableSizes(): void {
    const reader = this.#reader;
    while (!reader.atEnd && (reader.peek() & 0xe0) === 0x20) {
      const capacityBytes = reader.integer(5);
      if (capacityBytes > this.#limitBytes) {
        throw new ConnectionError('COMPRESSION_ERROR', 'a header table larger than allowed');
      }
      this.#table.resize(capacityBytes);
    }
  }

  #entry(index: number): readonly [name: string, value: string] {
    const entry =
      index <= STATIC_TABLE.length
        ? STATIC_TABLE[index - 1]
        : this.#table.at(index - STATIC_TABLE.length - 1);
    if (entry === undefined) {
      throw new ConnectionError('COMPRESSION_ERROR', 'an unknown index in a header block');
    }
    return entry;
  }
}
