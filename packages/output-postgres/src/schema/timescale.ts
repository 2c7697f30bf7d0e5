import type { ClientBase } from 'pg';
import { quoteName } from './quote-name.js';

/** The tables that grow with the length of runs. */
const HYPERTABLES = ['second', 'run_second', 'check_second', 'metric_second'];

/** Columns by which compressed rows are grouped. */
const SEGMENT_BY: Readonly<Record<string, string>> = { second: 'series_id' };

/** SQLSTATE of what an edition cannot do: feature_not_supported. */
const NOT_SUPPORTED = '0A000';

/**
 * Makes hypertables of the large tables if the database has TimescaleDB. Chunks are compressed
 * after a week, unless the edition cannot compress. Must be called in a transaction.
 */
export async function makeHypertables(client: ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
     WHERE extname = 'timescaledb'`,
  );
  if (rows[0] === undefined) return;
  const extension = quoteName(rows[0].name);
  for (const name of HYPERTABLES)
    await client.query(`SELECT ${extension}.create_hypertable($1::regclass, 'at')`, [tableOf(schema, name)]);
  await client.query('SAVEPOINT compression');
  try {
    for (const name of HYPERTABLES) await compress(client, extension, schema, name);
  } catch (error) {
    if ((error as { code?: unknown }).code !== NOT_SUPPORTED) throw error;
    await client.query('ROLLBACK TO SAVEPOINT compression');
  }
}

async function compress(client: ClientBase, extension: string, schema: string, name: string): Promise<void> {
  const table = tableOf(schema, name);
  const segmentBy = SEGMENT_BY[name] ?? 'run_id';
  await client.query(
    `ALTER TABLE ${table} SET (timescaledb.compress, timescaledb.compress_segmentby = '${segmentBy}')`,
  );
  await client.query(`SELECT ${extension}.add_compression_policy($1::regclass, INTERVAL '7 days')`, [table]);
}

function tableOf(schema: string, name: string): string {
  return `${quoteName(schema)}.${name}`;
}
