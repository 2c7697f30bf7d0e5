import { messageOf, type Table } from '@drumline/model';
import { fieldsOf } from './csv-fields.js';
import type { FieldReader, TableOptions } from './declarations.js';

/** Makes a row of its text. @throws Error that says what is wrong in the row */
export type RowReader = (text: string) => unknown;

export function rowReader(table: Table, options: TableOptions): RowReader {
  if (table.format === 'lines') return (text) => text;
  if (table.format !== 'csv') return jsonOf;
  const { columns: names = [], delimiter = ',' } = table;
  const readers = options.columns;
  const columns = names
    .map((name, index) => ({ name, index, read: readers ? readers[name] : String }))
    .filter(
      (column): column is { name: string; index: number; read: FieldReader } => column.read !== undefined,
    );
  return (text) => {
    const fields = fieldsOf(text, delimiter);
    const made: Record<string, unknown> = {};
    for (const { name, index, read } of columns) {
      const field = fields[index] ?? '';
      made[name] = read === String ? field : convert(field, read, name);
    }
    return made;
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** @throws Error that quotes the field */
function convert(field: string, read: FieldReader, column: string): unknown {
  if (read === Number) {
    const number = Number(field);
    if (field.trim() !== '' && Number.isFinite(number)) return number;
    throw new Error(`${column}: '${field}' is not a number`);
  }
  if (read === Boolean) {
    if (/^(?:true|1|yes)$/i.test(field)) return true;
    if (/^(?:false|0|no|)$/i.test(field)) return false;
    throw new Error(`${column}: '${field}' is not true or false`);
  }
  try {
    return read(field);
  } catch (error) {
    throw new Error(`${column}: ${messageOf(error)}`, { cause: error });
  }
}
