import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import { copyText, type Value } from '../rows/copy.js';

/** Appends rows to a table. */
export async function copyRows(
  client: ClientBase,
  table: string,
  columns: string,
  rows: Iterable<readonly Value[]>,
): Promise<void> {
  const text = copyText(rows);
  if (text === '') return;
  await pipeline(Readable.from([text]), client.query(from(`COPY ${table} (${columns}) FROM STDIN`)));
}
