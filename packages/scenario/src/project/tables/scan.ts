import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { BlockIndexWriter } from '../../artifacts/block-index.js';
import { rowText } from '../../runtime/tables/rows-in-block.js';
import { CsvRows } from './csv-rows.js';
import type { RowScanner } from './row-scanner.js';
import { lineProblem, TableProblem } from './table-problem.js';

const CHUNK_BYTES = 1024 * 1024;
/** The longest row. A quote that is never closed would otherwise read the whole file. */
const MAX_ROW_BYTES = 16 * 1024 * 1024;
const NEW_LINE = 0x0a;
const RETURN = 0x0d;

/** What is known about a data file after it was read once. */
export interface ScannedFile {
  readonly rows: number;
  readonly columns?: readonly string[] | undefined;
  readonly index: Buffer;
}

/**
 * Reads a file once: finds the blocks of its rows, and checks its encoding and shape.
 * @param csv undefined for files with one row in each line
 * @throws TableProblem with the line
 */
export async function scanFile(
  path: string,
  csv: { readonly delimiter: string; readonly header: readonly string[] | undefined } | undefined,
): Promise<ScannedFile> {
  const index = new BlockIndexWriter();
  const rows = csv ? new CsvRows(csv.delimiter) : new LineRows();
  let columns = csv?.header;
  if (rows instanceof CsvRows && columns) rows.setColumns(columns);
  let [count, line] = [0, 1];
  let end = 0;
  await eachChunk(path, (bytes, offset, isLast) => {
    let from = offset === 0 && isByteOrderMark(bytes) ? 3 : 0;
    requireText(bytes, offset);
    while (from < bytes.length) {
      let to = rows.end(bytes, from);
      if (to < 0) {
        if (line === 1) requireLineBreaks(bytes, from);
        if (!isLast) break;
        to = bytes.length;
      }
      if (!isBlank(bytes, from, to)) {
        rows.check(bytes, from, to, line);
        if (rows instanceof CsvRows && columns === undefined) {
          columns = rows.setColumns(rows.fields(rowText(bytes, from, to), line));
        } else {
          index.add(count, offset + from);
          count += 1;
        }
        end = offset + to;
      }
      line += 1 + rows.innerLines;
      from = to + 1;
    }
    const read = Math.min(from, bytes.length);
    if (!isUtf8(bytes.subarray(0, read))) throw encodingProblem(bytes.subarray(0, read), line);
    if (!isLast && bytes.length - read > MAX_ROW_BYTES)
      throw lineProblem(line, 'the row is longer than 16 MiB', 'is a quote missing at its end?');
    return read;
  });
  return { rows: count, columns, index: index.bytes(count, end) };
}

class LineRows implements RowScanner {
  readonly innerLines = 0;

  end(bytes: Buffer, from: number): number {
    return bytes.indexOf(NEW_LINE, from);
  }

  check(): void {
    // Lines have no shape.
  }
}

/**
 * @param take handles bytes and returns how many of them it has used; the others come again, with
 *   more behind them
 */
async function eachChunk(
  path: string,
  take: (bytes: Buffer, offset: number, isLast: boolean) => number,
): Promise<void> {
  const file = await open(path);
  try {
    let buffer = Buffer.allocUnsafeSlow(2 * CHUNK_BYTES);
    let [kept, offset] = [0, 0];
    for (;;) {
      if (buffer.length - kept < CHUNK_BYTES) {
        const larger = Buffer.allocUnsafeSlow(2 * buffer.length);
        buffer.copy(larger, 0, 0, kept);
        buffer = larger;
      }
      const { bytesRead } = await file.read(buffer, kept, CHUNK_BYTES, offset + kept);
      const filled = kept + bytesRead;
      const used = take(buffer.subarray(0, filled), offset, bytesRead === 0);
      if (bytesRead === 0) return;
      buffer.copy(buffer, 0, used, filled);
      offset += used;
      kept = filled - used;
    }
  } finally {
    await file.close();
  }
}

function isByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  return to === from || (to === from + 1 && bytes[from] === RETURN);
}

function requireText(bytes: Buffer, offset: number): void {
  if (offset > 0 || !bytes.subarray(0, 4_096).includes(0)) return;
  throw new TableProblem(
    'is not UTF-8 text: it contains zero bytes',
    "if it is UTF-16, set encoding: 'utf16le', or save it as UTF-8",
  );
}

/** The only row of a file may end with one. */
function requireLineBreaks(bytes: Buffer, from: number): void {
  const first = bytes.indexOf(RETURN, from);
  if (first < 0 || first >= bytes.length - 1 || bytes.includes(NEW_LINE, from)) return;
  throw new TableProblem(
    'has line breaks of a single CR, as old Mac programs write them',
    'save it with line breaks of LF or CRLF',
  );
}

/** @param lineAfter the line after the last of the bytes */
function encodingProblem(bytes: Buffer, lineAfter: number): TableProblem {
  let line = lineAfter;
  for (const byte of bytes) if (byte === NEW_LINE) line -= 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(NEW_LINE, from);
    const to = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(from, to))) break;
    from = to + 1;
  }
  return lineProblem(line, 'is not UTF-8', "save the file as UTF-8, or set encoding: 'latin1'");
}
