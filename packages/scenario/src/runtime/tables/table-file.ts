import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { messageOf, type LocalArtifact, type Table } from '@drumline/model';
import { BlockIndex } from '../../artifacts/block-index.js';
import type { TableOptions } from './declarations.js';
import { DataFile, type FileFacts } from './data-file.js';
import { rowReader, type RowReader } from './row-reader.js';
import { rowEnd, rowText } from './rows-in-block.js';

/** Blocks that are kept in memory: about half a megabyte, unless rows are long. */
const MAX_BLOCKS = 64;

/** A row that cannot be converted. */
export class RowError extends Error {
  /** What is wrong, without the place. */
  readonly reason: string;

  /** @param row from 0 */
  constructor(table: string, row: number, cause: unknown) {
    const reason = messageOf(cause);
    super(`${table}, row ${row + 1}, ${reason}`, { cause });
    this.reason = reason;
  }
}

/** Reads rows of a table by number, from a file that all lanes of the machine share. */
export class TableFile {
  private readonly file: number;
  private readonly index: BlockIndex;
  private readonly reader: RowReader;
  private readonly blocks = new Map<number, Buffer>();
  private readonly contents: number | undefined;

  constructor(
    readonly table: Table<LocalArtifact>,
    options: TableOptions,
  ) {
    this.file = openSync(table.data.path, 'r');
    this.index = new BlockIndex(readFileSync(table.index.path));
    this.reader = rowReader(table, options);
    this.contents = table.contents && openSync(table.contents.path, 'r');
  }

  /** @throws RowError if the row cannot be converted */
  read(row: number): unknown {
    const { bytes, start, end } = this.find(row);
    let made;
    try {
      made = this.reader(rowText(bytes, start, end));
    } catch (error) {
      throw new RowError(this.table.name, row, error);
    }
    return this.contents === undefined ? made : new DataFile(made as FileFacts, this.contents);
  }

  /** The text of all rows in order, each with its offset in the file. */
  *texts(): Iterable<{ readonly text: string; readonly offset: number }> {
    const isCsv = this.table.format === 'csv';
    for (let row = 0; row < this.table.rows;) {
      const { from, to } = this.index.blockOf(row);
      const bytes = this.block(from, to);
      for (let start = 0; start < bytes.length; row += 1) {
        while (start < bytes.length && isBlankLine(bytes, start)) start = rowEnd(bytes, start, false) + 1;
        if (start >= bytes.length) break;
        const end = rowEnd(bytes, start, isCsv);
        yield { text: rowText(bytes, start, end), offset: from + start };
        start = end + 1;
      }
    }
  }

  /** The offset of a row in the file. */
  offsetOf(row: number): number {
    return this.index.blockOf(row).from + this.find(row).start;
  }

  close(): void {
    closeSync(this.file);
    if (this.contents !== undefined) closeSync(this.contents);
  }

  private find(row: number): { readonly bytes: Buffer; readonly start: number; readonly end: number } {
    const { firstRow, from, to } = this.index.blockOf(row);
    const bytes = this.block(from, to);
    const isCsv = this.table.format === 'csv';
    let start = 0;
    for (let skipped = firstRow; ; skipped += 1) {
      while (start < bytes.length && isBlankLine(bytes, start)) start = rowEnd(bytes, start, false) + 1;
      const end = rowEnd(bytes, start, isCsv);
      if (skipped === row) return { bytes, start, end };
      start = end + 1;
    }
  }

  private block(from: number, to: number): Buffer {
    const known = this.blocks.get(from);
    if (known !== undefined) return known;
    const bytes = Buffer.allocUnsafeSlow(to - from);
    const read = readSync(this.file, bytes, 0, bytes.length, from);
    if (read !== bytes.length) throw new Error(`${this.table.name} was changed while the run used it`);
    if (this.blocks.size >= MAX_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    this.blocks.set(from, bytes);
    return bytes;
  }
}

/** Empty lines are not rows. */
function isBlankLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] === 0x0a);
}
