// What the PostgreSQL output writes, in a real database.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from '@drumline/output-postgres';
import { outputContract, type GeneratedRun } from '@drumline/outputs/testing';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, scenarioPath } from '../support/drumline.js';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing } from '../support/programs.js';

needing('postgresql', postgresVersion)('runs in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const create = () => postgres.create({ name: 'postgres', url: server.url(), options: {} });

  async function read({ run }: GeneratedRun): Promise<{ requests: number; failures: number }> {
    const sums = `coalesce(sum(requests), 0)::int AS requests, coalesce(sum(failures), 0)::int AS failures`;
    const [bySeries] = await server.query<{ requests: number; failures: number }>(
      `SELECT ${sums} FROM drumline.summary WHERE run_id = $1 AND NOT is_part`,
      [run.runId],
    );
    const overall = await server.query(`SELECT ${sums} FROM drumline.run_second WHERE run_id = $1`, [
      run.runId,
    ]);
    expect(overall).toEqual([bySeries]);
    return bySeries!;
  }

  describe('as an output', () => {
    const cases = outputContract({ create, read, isCumulative: false });
    for (const { name, run } of cases) test(name, run);
  });

  test('a run adds up to its report and to the count of the target, in every table', async () => {
    await using target = await startTarget({ host: '127.0.0.1' }).then(disposable);
    const options = [
      '-H',
      target.url,
      '-u',
      '4',
      '-t',
      '3s',
      '--no-html',
      '--no-api',
      '--label',
      'branch=main',
    ];
    await using command = new Drumline([
      'run',
      scenarioPath('quick'),
      ...options,
      '--out',
      `postgres=${server.url()}`,
    ]);
    expect(await command.ended).toMatchObject({ code: 0 });
    const [run] = await server.query<{ run_id: string; result: RunResult }>(
      `SELECT * FROM drumline.run WHERE scenario = 'quick.ts' ORDER BY started_at DESC LIMIT 1`,
    );
    expect(run).toMatchObject({
      state: 'finished',
      verdict: 'passed',
      exit_code: 0,
      labels: { branch: 'main' },
    });
    const { totals } = run!.result;
    expect(totals.requests).toBe(target.count);
    const [summary] = await server.query(
      `SELECT requests::int, failures::int, p95_ms, max_ms, bytes::int FROM drumline.run_summary,
         (SELECT sum(bytes_received) AS bytes FROM drumline.second WHERE run_id = $1) s WHERE run_id = $1`,
      [run!.run_id],
    );
    expect(summary).toEqual({
      requests: target.count,
      failures: totals.failures,
      p95_ms: totals.latencyMs.p95,
      max_ms: totals.latencyMs.max,
      bytes: totals.bytesReceived,
    });
    const [quantile] = await server.query<{ p99: number }>(
      'SELECT drumline.percentile_us(array_agg(latency), 0.99)::int AS p99 FROM drumline.second WHERE run_id = $1',
      [run!.run_id],
    );
    expect(quantile!.p99 / 1_000).toBe(totals.latencyMs.p99);
  });

  test('the queries of the documentation work', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/outputs-postgres.md'), 'utf8');
    const queries = [...page.matchAll(/^```sql\n(.*?)^```/gms)].map(([, query]) => query!);
    expect(queries.length).toBeGreaterThan(5);
    for (const query of queries) await server.query(query);
  });
});

function disposable<T extends { close(): Promise<void> }>(value: T): T & AsyncDisposable {
  return Object.assign(value, { [Symbol.asyncDispose]: () => value.close() });
}
