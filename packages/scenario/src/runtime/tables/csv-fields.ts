import { parse } from 'csv-parse/sync';

/** The fields of a row of a CSV file: RFC 4180. @throws Error for a quote in the wrong place */
export function fieldsOf(row: string, delimiter: string): string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const [fields] = parse(row, { delimiter, record_delimiter: '\n' }) as string[][];
  return fields ?? [];
}
