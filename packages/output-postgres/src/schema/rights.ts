import { OutputError } from '@drumline/outputs';
import type { ClientBase } from 'pg';

/**
 * Checks that the user may write to a schema that somebody else has made.
 * @throws OutputError
 */
export async function requireRights(client: ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string; user: string }>(
    `SELECT tablename AS name, current_user AS user FROM pg_tables
     WHERE schemaname = $1 AND NOT (
       has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')
       AND (tablename = 'migration' OR (
         has_table_privilege(format('%I.%I', schemaname, tablename), 'INSERT')
         AND has_table_privilege(format('%I.%I', schemaname, tablename), 'UPDATE')
         AND has_table_privilege(format('%I.%I', schemaname, tablename), 'DELETE'))))
     ORDER BY 1`,
    [schema],
  );
  if (rows.length === 0) return;
  const tables = rows.map(({ name }) => name).join(', ');
  throw new OutputError(
    `${rows[0]!.user} may not select, insert, update and delete in the schema ${schema}: ${tables}`,
  );
}
