import type { ClientBase } from 'pg';

/** Executes statements in a transaction, which is rolled back if one fails. */
export async function inTransaction<T>(client: ClientBase, body: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const value = await body();
    await client.query('COMMIT');
    return value;
  } catch (error) {
    // A broken connection rolls back, too.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
