/** A block ends after this many rows or bytes, whatever comes first. */
const BLOCK_ROWS = 64;
const BLOCK_BYTES = 8_192;

/** A part of a data file: some rows in a row. */
export interface Block {
  /** Number of its first row. */
  readonly firstRow: number;
  readonly from: number;
  /** Offset after its last byte. */
  readonly to: number;
}

/** Collects the blocks of a file while it is scanned. */
export class BlockIndexWriter {
  private readonly numbers: number[] = [];
  private blockRow = 0;
  private blockFrom = -1;

  /** @param from offset of the first byte of the row */
  add(row: number, from: number): void {
    if (this.blockFrom >= 0 && row - this.blockRow < BLOCK_ROWS && from - this.blockFrom < BLOCK_BYTES)
      return;
    this.numbers.push(row, from);
    this.blockRow = row;
    this.blockFrom = from;
  }

  /** @param end offset after the last row */
  bytes(rows: number, end: number): Buffer {
    const all = Float64Array.from([...this.numbers, rows, end]);
    return Buffer.from(all.buffer);
  }
}

/** Finds the block of a row. */
export class BlockIndex {
  private readonly numbers: Float64Array;

  /** @param bytes as `BlockIndexWriter` makes them */
  constructor(bytes: Uint8Array) {
    // A copy, because small files share memory that is not aligned.
    this.numbers = new Float64Array(Uint8Array.from(bytes).buffer);
  }

  blockOf(row: number): Block {
    const { numbers } = this;
    let low = 0;
    let high = numbers.length / 2 - 1;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (numbers[2 * middle]! <= row) low = middle;
      else high = middle;
    }
    return { firstRow: numbers[2 * low]!, from: numbers[2 * low + 1]!, to: numbers[2 * low + 3]! };
  }
}
