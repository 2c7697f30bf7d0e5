import { OutputError } from '@drumline/outputs';
import type { ClientBase } from 'pg';
import { inTransaction } from '../connection/transaction.js';
import { MIGRATIONS } from './migrations.js';
import { quoteName } from './quote-name.js';
import { makeHypertables } from './timescale.js';

/** Identifies the advisory lock of migrations: "Drum". */
const LOCK = 0x4472756d;

/**
 * Brings a schema to the newest version. Masters that do it at the same time wait for each other. A
 * schema that is up to date needs no right to create anything.
 * @throws OutputError if a newer Drumline has made the schema
 */
export async function migrate(client: ClientBase, schema: string): Promise<void> {
  if ((await versionOf(client, schema)) === MIGRATIONS.length) return;
  await inTransaction(client, async () => {
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK, schema]);
    const version = await versionOf(client, schema);
    for (const [index, sql] of MIGRATIONS.entries())
      if (index >= version) await apply(client, schema, index + 1, sql);
    if (version === 0) await makeHypertables(client, schema);
  });
}

async function apply(client: ClientBase, schema: string, version: number, sql: string): Promise<void> {
  const quoted = quoteName(schema);
  if (version === 1) {
    // Without the right to create schemas, an existing one will do.
    const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
    if (rowCount === 0) await client.query(`CREATE SCHEMA ${quoted}`);
    await client.query(
      `CREATE TABLE ${quoted}.migration (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
  }
  await client.query(sql.replaceAll('{schema}', quoted));
  await client.query(`INSERT INTO ${quoted}.migration (version) VALUES ($1)`, [version]);
}

/** The version of the schema; 0 if there is none. */
export async function versionOf(client: ClientBase, schema: string): Promise<number> {
  // Not to_regclass, which misses what another session has created since this transaction began.
  const { rowCount } = await client.query(
    `SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'migration'`,
    [schema],
  );
  if (rowCount === 0) return 0;
  const { rows } = await client.query<{ version: number | null }>(
    `SELECT max(version) AS version FROM ${quoteName(schema)}.migration`,
  );
  const version = rows[0]!.version ?? 0;
  if (version > MIGRATIONS.length)
    throw new OutputError(
      `the schema ${schema} has version ${version}, but this Drumline knows only ${MIGRATIONS.length}; update Drumline`,
    );
  return version;
}
