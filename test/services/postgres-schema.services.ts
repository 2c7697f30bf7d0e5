// The schema of the PostgreSQL output, in a real database.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { migrate, TABLES } from '@drumline/output-postgres';
import { Histogram, encodeHistogram } from '@drumline/stats';
import pg from 'pg';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing } from '../support/programs.js';

needing('postgresql', postgresVersion)('the schema of PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => server.query('DROP SCHEMA IF EXISTS drumline CASCADE'));

  async function migrateWith(schema = 'drumline', user?: string): Promise<void> {
    const client = new pg.Client(server.url('postgres', user));
    await client.connect();
    try {
      await migrate(client, schema);
    } finally {
      await client.end();
    }
  }

  test('has the tables, views and columns of the published list, in their order', async () => {
    await migrateWith();
    const rows = await server.query<{ name: string; columns: string[]; is_view: boolean }>(
      `SELECT table_name AS name, table_type = 'VIEW' AS is_view,
         array_agg(column_name || ' ' || data_type ORDER BY ordinal_position) AS columns
       FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'drumline' AND table_name NOT IN ('migration', 'writer') GROUP BY 1, 2`,
    );
    const expected = TABLES.map(({ name, kind, columns }) => ({
      name,
      is_view: kind === 'view',
      columns: columns.map((column) => `${column.name} ${column.type}`),
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(rows.sort(byName)).toEqual(expected.sort(byName));
  });

  test('is made once by masters that start at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, () => migrateWith()));
    expect(await server.query('SELECT version FROM drumline.migration')).toEqual([{ version: 1 }]);
  });

  test('may have any name, and is used without the right to create it', async () => {
    await migrateWith('Load "tests"');
    await server.query('DROP ROLE IF EXISTS writer');
    await server.query('CREATE ROLE writer LOGIN');
    await server.query('GRANT USAGE ON SCHEMA "Load ""tests""" TO writer');
    await server.query('GRANT SELECT ON ALL TABLES IN SCHEMA "Load ""tests""" TO writer');
    await migrateWith('Load "tests"', 'writer');
    await expect(migrateWith('another', 'writer')).rejects.toThrow('permission denied');
  });

  test('is refused if a newer Drumline has made it', async () => {
    await migrateWith();
    await server.query('INSERT INTO drumline.migration (version) VALUES (99)');
    await expect(migrateWith()).rejects.toThrow('the schema drumline has version 99');
  });

  test('computes quantiles over histograms as the report does', async () => {
    await migrateWith();
    const merged = new Histogram();
    const parts = Array.from({ length: 5 }, (_, part) => {
      const histogram = new Histogram();
      for (let i = 0; i < 400; i++) histogram.record(Math.round(1.02 ** i * (part + 1)) % 5_000_000_000);
      merged.add(histogram);
      return Buffer.from(encodeHistogram(histogram));
    });
    for (const q of [0, 0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
      const [row] = await server.query<{ found: string }>('SELECT drumline.percentile_us($1, $2) AS found', [
        [...parts, null],
        q,
      ]);
      // The lowest value is that of its bucket, not the exact one.
      const [expected] = merged.quantiles([q === 0 ? 0.0001 : q]);
      expect(Number(row!.found)).toBe(expected);
    }
    expect(await server.query(`SELECT drumline.percentile_us('{}', 0.5) AS found`)).toEqual([
      { found: null },
    ]);
  });
});
