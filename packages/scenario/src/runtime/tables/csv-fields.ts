import { createRequire } from 'node:module';

/** Loaded for the first row with quotes, because most scenarios have none. */
let parse: (typeof import('csv-parse/sync'))['parse'] | undefined;

/** The fields of a row of a CSV file: RFC 4180. @throws Error for a quote in the wrong place */
export function fieldsOf(row: string, delimiter: string): string[] {
  if (!row.includes('"')) return row.split(delimiter);
  parse ??= (createRequire(import.meta.url)('csv-parse/sync') as typeof import('csv-parse/sync')).parse;
  const [fields] = parse(row, { delimiter, record_delimiter: '\n' }) as string[][];
  return fields ?? [];
}
