import type { ClientBase } from 'pg';
import { quoteName } from './quote-name.js';

/** The tables that grow with the length of runs. */
const HYPERTABLES = ['second', 'run_second', 'check_second', 'metric_second'];

/** Columns by which compressed rows are grouped. */
const SEGMENT_BY: Readonly<Record<string, string>> = { second: 'series_id' };

/**
 * Makes hypertables of the large tables if the database has TimescaleDB. Chunks are compressed
 * after a week, unless the edition cannot compress.
 */
export async function makeHypertables(client: ClientBase, schema: string): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM pg_extension WHERE extname = 'timescaledb'`);
  if (rowCount === 0) return;
  const { rows } = await client.query<{ license: string | null }>(
    `SELECT current_setting('timescaledb.license', true) AS license`,
  );
  // The Apache edition has no compression.
  const compresses = rows[0]!.license !== 'apache';
  for (const name of HYPERTABLES) {
    const table = `${quoteName(schema)}.${name}`;
    await client.query(`SELECT public.create_hypertable($1::regclass, 'at')`, [table]);
    if (!compresses) continue;
    const segmentBy = SEGMENT_BY[name] ?? 'run_id';
    await client.query(
      `ALTER TABLE ${table} SET (timescaledb.compress, timescaledb.compress_segmentby = '${segmentBy}')`,
    );
    await client.query(`SELECT public.add_compression_policy($1::regclass, INTERVAL '7 days')`, [table]);
  }
}
