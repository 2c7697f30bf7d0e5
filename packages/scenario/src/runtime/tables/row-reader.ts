import type { Table } from '@drumline/model';
import { fieldsOf } from './csv-fields.js';
import type { FieldReader, TableOptions } from './declarations.js';

/** Makes a row of its text. */
export type RowReader = (text: string, row: number) => unknown;

/** @throws Error from the reader, if a field cannot be converted */
export function rowReader(table: Table, options: TableOptions): RowReader {
  if (table.format === 'lines') return (text) => text;
  if (table.format !== 'csv') return (text) => JSON.parse(text) as unknown;
  const { columns: names = [], delimiter = ',' } = table;
  const readers = options.columns;
  const columns = names
    .map((name, index) => ({ name, index, read: readers ? readers[name] : String }))
    .filter(
      (column): column is { name: string; index: number; read: FieldReader } => column.read !== undefined,
    );
  return (text, row) => {
    const fields = fieldsOf(text, delimiter);
    const made: Record<string, unknown> = {};
    for (const { name, index, read } of columns) {
      const field = fields[index] ?? '';
      made[name] =
        read === String ? field : convert(field, read, () => `${table.name}, row ${row + 1}, ${name}`);
    }
    return made;
  };
}

/** @throws Error that quotes the field */
function convert(field: string, read: FieldReader, where: () => string): unknown {
  if (read === Number) {
    const number = Number(field);
    if (field.trim() !== '' && Number.isFinite(number)) return number;
    throw new Error(`${where()}: '${field}' is not a number`);
  }
  if (read === Boolean) {
    if (/^(?:true|1|yes)$/i.test(field)) return true;
    if (/^(?:false|0|no|)$/i.test(field)) return false;
    throw new Error(`${where()}: '${field}' is not true or false`);
  }
  return read(field);
}
