// The queries of the Grafana dashboard for PostgreSQL, in a real database.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '@drumline/output-postgres';
import { Histogram, encodeHistogram } from '@drumline/stats';
import pg from 'pg';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { DASHBOARDS } from '../../scripts/dist/grafana/dashboards.js';
import { Drumline, scenarioPath } from '../support/drumline.js';
import { sentSql, sqlQueriesOf } from '../support/grafana.js';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing } from '../support/programs.js';

const BASELINE = '00000000-0000-4000-8000-000000000001';
const RUN = '00000000-0000-4000-8000-000000000002';
const SECONDS = 4;
/** The values of the dashboard's variables. */
const VALUES = { schema: 'drumline', run: RUN, baseline: BASELINE, name: `'/','/x'` };
const QUERIES = sqlQueriesOf(DASHBOARDS['drumline-postgres']!);

/** Rows of two runs: one request with two statuses, a check, an event, and each kind of metric. */
async function fill(client: pg.Client): Promise<void> {
  const histogram = new Histogram();
  for (const us of [1_000, 2_000, 9_000]) histogram.record(us);
  const latency = Buffer.from(encodeHistogram(histogram));
  for (const run of [BASELINE, RUN]) {
    const latencyMs = { mean: 4, p50: 2, p95: 9, p99: 9 };
    const key = { protocol: 'http', method: 'GET', name: '/', user: 'visitor', tags: {} };
    const result = { totals: { latencyMs }, series: [{ ...key, latencyMs }] };
    await client.query(
      `INSERT INTO drumline.run (run_id, scenario, started_at, ended_at, state, verdict, exit_code, labels, result)
       VALUES ($1, 'shop.ts', now() - interval '10 s', now(), 'finished', 'passed', 0, '{}', $2)`,
      [run, result],
    );
    const { rows } = await client.query<{ series_id: string }>(
      `INSERT INTO drumline.series (run_id, key, protocol, method, name, user_type, tags, is_part)
       VALUES ($1, 'k', 'http', 'GET', '/', 'visitor', '{}', false) RETURNING series_id`,
      [run],
    );
    for (let second = 0; second < SECONDS; second++) {
      const at = [run, new Date(Date.now() - 10_000 + second * 1_000).toISOString(), second];
      await client.query(
        `INSERT INTO drumline.second (run_id, at, second, series_id, requests, failures, interrupted, bytes_sent, bytes_received,
           timed, timed_seconds, mean_us, min_us, p50_us, p90_us, p95_us, p99_us, max_us, latency, statuses, errors)
         VALUES ($1, $2, $3, $4, 3, 1, 0, 100, 1000, 3, 1, 4000, 1000, 2000, 9000, 9000, 9000, 9000, $5,
           '{"200": 2, "503": 1}', '{"status 503": 1}')`,
        [...at, rows[0]!.series_id, latency],
      );
      await client.query(
        `INSERT INTO drumline.run_second (run_id, at, second, users, planned_users, planned_rate, cut_off_users, workers_present,
           workers_missing, busiest_lane, untrusted, requests, failures, interrupted, failed_checks, exceptions, started, late,
           dropped, skipped, mean_us, min_us, p50_us, p90_us, p95_us, p99_us, max_us, latency)
         VALUES ($1, $2, $3, 10, 10, 5, 0, 2, 0, 0.5, false, 3, 1, 0, 1, 0, 5, 1, 1, 0, 4000, 1000, 2000, 9000, 9000, 9000, 9000, $4)`,
        [...at, latency],
      );
      await client.query(
        `INSERT INTO drumline.check_second (run_id, at, second, key, check_name, tags, passes, fails)
         VALUES ($1, $2, $3, 'c', 'is 200', '{}', 2, 1)`,
        at,
      );
      for (const kind of ['counter', 'gauge', 'rate', 'trend'])
        await client.query(
          `INSERT INTO drumline.metric_second (run_id, at, second, key, metric, kind, tags, value, hits, total, p95)
           VALUES ($1, $2, $3, $4, $4, $4, '{}', 1, 1, 2, 7)`,
          [...at, kind],
        );
    }
    await client.query(
      `INSERT INTO drumline.event (run_id, at, type, data) VALUES ($1, now() - interval '9 s', 'note', '{"message": "slow"}')`,
      [run],
    );
  }
}

needing('postgresql', postgresVersion)('the Grafana dashboard for PostgreSQL', () => {
  let server: PostgresServer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await PostgresServer.start();
    client = new pg.Client(server.url());
    await client.connect();
    await migrate(client, 'drumline');
    await fill(client);
  });
  afterAll(async () => {
    await client.end();
    await server[Symbol.asyncDispose]();
  });

  test.each(QUERIES)('shows rows: $panel', async ({ sql, format }) => {
    const sent = sentSql(sql, VALUES);
    const { rows, fields } = await client.query<Record<string, unknown>>(sent);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.values(row).some((value) => value !== null)).toBe(true);
    if (format === 'time_series') {
      expect([fields[0]!.name, rows.length % SECONDS]).toEqual(['time', 0]);
      expect(Object.keys(rows[0]!).length).toBeGreaterThan(1);
    }
  });

  test('adds up to the count of the target, by status', async () => {
    const target = await startTarget();
    try {
      const load = [
        '-H',
        target.url,
        '-t',
        '3s',
        '--no-html',
        '--no-api',
        '--out',
        `postgres=${server.url()}`,
      ];
      await using command = new Drumline(['run', scenarioPath('statuses'), ...load]);
      expect(await command.ended).toMatchObject({ code: 0 });
      const { rows: runs } = await client.query<{ run_id: string }>(
        `SELECT run_id FROM drumline.run WHERE scenario = 'statuses.ts'`,
      );
      const values = { ...VALUES, run: runs[0]!.run_id, name: `'ok','refused'` };
      const rowsOf = async (panel: string): Promise<Record<string, unknown>[]> => {
        const { sql } = QUERIES.find((query) => query.panel === panel)!;
        return (await client.query<Record<string, unknown>>(sentSql(sql, values))).rows;
      };
      expect(await rowsOf('Requests')).toEqual([{ requests: String(target.count) }]);
      const byStatus: Record<string, number> = {};
      for (const { metric, rate } of await rowsOf('Responses per second by status'))
        byStatus[String(metric)] = (byStatus[String(metric)] ?? 0) + Number(rate);
      expect(byStatus).toEqual(target.byStatus);
      const inRows = (await rowsOf('Requests per second by request')).reduce(
        (sum, { rate }) => sum + Number(rate),
        0,
      );
      expect(inRows).toBe(target.count);
    } finally {
      await target.close();
    }
  });
});
