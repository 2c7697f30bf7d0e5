import { fieldsOf } from '../../runtime/tables/csv-fields.js';
import type { RowScanner } from './row-scanner.js';
import { lineProblem } from './table-problem.js';

const NEW_LINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
/** What a quote adds to the sum of a row. Delimiters add 1. */
const QUOTE_SUM = 2 ** 24;

/** Finds and checks the rows of a CSV file: RFC 4180. Sums bytes, as branches are slower. */
export class CsvRows implements RowScanner {
  innerLines = 0;
  private readonly values = new Int32Array(256);
  private readonly delimiterByte: number;
  private columns: readonly string[] | undefined;
  private found = 0;

  /** @param delimiter one ASCII character */
  constructor(private readonly delimiter: string) {
    this.delimiterByte = delimiter.charCodeAt(0);
    this.values[this.delimiterByte] = 1;
    this.values[QUOTE] = QUOTE_SUM;
  }

  /** Sets the columns that each row must have. */
  setColumns(columns: readonly string[]): readonly string[] {
    return (this.columns = columns);
  }

  fields(row: string, line: number): readonly string[] {
    const names = fieldsOf(row, this.delimiter).map((name) => name.trim());
    const empty = names.indexOf('');
    if (empty >= 0) throw lineProblem(line, `column ${empty + 1} has no name`);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) throw lineProblem(line, `two columns have the name '${twice}'`);
    return names;
  }

  end(bytes: Buffer, from: number): number {
    this.innerLines = 0;
    const end = bytes.indexOf(NEW_LINE, from);
    const sum = this.sum(bytes, from, end < 0 ? bytes.length : end);
    this.found = sum + 1;
    return sum < QUOTE_SUM ? end : this.quotedEnd(bytes, from);
  }

  check(bytes: Buffer, from: number, end: number, line: number): void {
    if (this.found >= QUOTE_SUM) this.found = this.quotedFields(bytes, from, end, line);
    const { columns, found, delimiter } = this;
    if (columns === undefined || found === columns.length) return;
    const fields = found === 1 ? '1 field' : `${found} fields`;
    throw lineProblem(
      line,
      `has ${fields}, but there are ${columns.length} columns (${columns.join(', ')})`,
      found > columns.length
        ? `put quotes around fields that contain '${delimiter}'`
        : `write ${columns.length - 1} '${delimiter}', also for empty fields`,
    );
  }

  private sum(bytes: Buffer, from: number, to: number): number {
    const { values } = this;
    let sum = 0;
    let at = from;
    for (const last = to - 3; at < last; at += 4)
      sum +=
        values[bytes[at]!]! + values[bytes[at + 1]!]! + values[bytes[at + 2]!]! + values[bytes[at + 3]!]!;
    for (; at < to; at += 1) sum += values[bytes[at]!]!;
    return sum;
  }

  private quotedEnd(bytes: Buffer, from: number): number {
    let isInside = false;
    this.innerLines = 0;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) isInside = !isInside;
      else if (byte === NEW_LINE) {
        if (!isInside) return at;
        this.innerLines += 1;
      }
    }
    return -1;
  }

  /** The number of fields of a row with quotes. @throws TableProblem for a misplaced quote */
  private quotedFields(bytes: Buffer, from: number, end: number, line: number): number {
    const last = end > from && bytes[end - 1] === RETURN ? end - 1 : end;
    let fields = 1;
    for (let at = from; at < last; at += 1) {
      if (bytes[at] === QUOTE) {
        at = this.closingQuote(bytes, at, last, line) + 1;
        if (at < last && bytes[at] !== this.delimiterByte)
          throw lineProblem(line, 'has text after a closing quote', 'double the quotes inside a field: ""');
      } else {
        while (at < last && bytes[at] !== this.delimiterByte) {
          if (bytes[at] === QUOTE)
            throw lineProblem(
              line,
              'has a quote inside a field without quotes',
              'put quotes around the field, and double those inside',
            );
          at += 1;
        }
      }
      if (at < last) fields += 1;
    }
    return fields;
  }

  private closingQuote(bytes: Buffer, opening: number, last: number, line: number): number {
    for (let at = opening + 1; at < last; at += 1) {
      if (bytes[at] !== QUOTE) continue;
      if (bytes[at + 1] !== QUOTE || at + 1 >= last) return at;
      at += 1;
    }
    throw lineProblem(line, 'has a quote that is never closed');
  }
}
