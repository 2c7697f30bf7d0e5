// The PostgreSQL output in TimescaleDB, if DRUMLINE_TIMESCALE_URL names a database with the
// extension. It is emptied.
import { beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import postgres from '@drumline/output-postgres';
import { feed, intervalsOf, outputContract, type GeneratedRun } from '@drumline/outputs/testing';
import pg from 'pg';
import { needing } from '../support/programs.js';

const url = process.env['DRUMLINE_TIMESCALE_URL'];
/** The Apache edition cannot compress. */
const canCompress = url !== undefined && (await licenseOf(url)) === 'timescale';

needing('DRUMLINE_TIMESCALE_URL', url)('TimescaleDB', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client(url);
    await client.connect();
    await client.query('DROP SCHEMA IF EXISTS drumline CASCADE');
  });
  afterAll(() => client.end());

  const create = () => postgres.create({ name: 'postgres', url: url!, options: {} });

  async function read({ run }: GeneratedRun): Promise<{ requests: number; failures: number }> {
    const { rows } = await client.query<{ requests: number; failures: number }>(
      `SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(failures), 0)::int AS failures
       FROM drumline.summary WHERE run_id = $1 AND NOT is_part`,
      [run.runId],
    );
    return rows[0]!;
  }

  describe('as an output', () => {
    const cases = outputContract({ create, read, isCumulative: false });
    for (const { name, run } of cases) test(name, run);
  });

  test('the tables by second are hypertables, and a deleted run leaves nothing in them', async () => {
    const generated = intervalsOf(61);
    const output = create();
    await feed(output, generated);
    await output.close();
    const { rows } = await client.query<{ name: string }>(
      `SELECT hypertable_name AS name FROM timescaledb_information.hypertables
       WHERE hypertable_schema = 'drumline' ORDER BY 1`,
    );
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(['check_second', 'metric_second', 'run_second', 'second']);
    await client.query('DELETE FROM drumline.run WHERE run_id = $1', [generated.run.runId]);
    for (const name of names)
      expect(
        await client.query(`SELECT FROM drumline.${name} WHERE run_id = $1`, [generated.run.runId]),
      ).toMatchObject({
        rowCount: 0,
      });
  });

  (canCompress ? test : test.skip)(
    `compressed chunks keep their sums, and take other runs${canCompress ? '' : ' (skipped: no Community edition)'}`,
    async () => {
      const runs = [intervalsOf(62), intervalsOf(63)];
      for (const generated of runs) {
        const output = create();
        await feed(output, generated);
        await output.close();
        const { rowCount } = await client.query(
          `SELECT compress_chunk(chunk, if_not_compressed => true)
           FROM unnest(ARRAY['second', 'run_second', 'check_second', 'metric_second']) AS name,
             show_chunks(format('drumline.%I', name)::regclass) AS chunk`,
        );
        expect(rowCount).toBeGreaterThan(3);
      }
      for (const generated of runs) {
        const { requests, failures } = generated.sums.totals;
        expect(requests).toBeGreaterThan(0);
        expect(await read(generated)).toEqual({ requests, failures });
        await client.query('DELETE FROM drumline.run WHERE run_id = $1', [generated.run.runId]);
        expect(await read(generated)).toEqual({ requests: 0, failures: 0 });
      }
    },
  );
});

async function licenseOf(database: string): Promise<string | undefined> {
  const client = new pg.Client(database);
  await client.connect();
  try {
    const { rows } = await client.query<{ license: string }>(
      "SELECT current_setting('timescaledb.license', true) AS license",
    );
    return rows[0]?.license;
  } finally {
    await client.end();
  }
}
