// What the PostgreSQL output writes, in a real database.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from '@drumline/output-postgres';
import { feed, intervalsOf, outputContract, type GeneratedRun } from '@drumline/outputs/testing';
import { HeldTimes, mergeDeltas, type IntervalEvent } from '@drumline/stats';
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

  async function write(generated: GeneratedRun): Promise<void> {
    const output = create();
    await feed(output, generated);
    await output.close();
  }

  /** Expects that each series, check and metric of a run has the figures of the report. */
  async function expectFigures({ run, sums }: GeneratedRun): Promise<void> {
    const series = await server.query(
      `SELECT protocol, method, name, user_type AS user, tags, sum(requests)::int AS requests,
         sum(failures)::int AS failures, sum(interrupted)::int AS interrupted,
         sum(bytes_received)::int AS "bytesReceived", max(max_us) / 1000.0::float8 AS max,
         drumline.percentile_us(array_agg(latency), 0.5) / 1000.0::float8 AS p50,
         drumline.percentile_us(array_agg(latency), 0.99) / 1000.0::float8 AS p99,
         (sum(timed) = sum(requests - interrupted)) AS "isTimed"
       FROM drumline.series JOIN drumline.second s USING (series_id) WHERE s.run_id = $1 GROUP BY series_id`,
      [run.runId],
    );
    const expected = sums.series.map(({ key, latencyMs, ...counts }) => ({
      protocol: key.protocol,
      method: key.method,
      name: key.name,
      user: key.user,
      tags: Object.fromEntries(key.tags),
      requests: counts.requests,
      failures: counts.failures,
      interrupted: counts.interrupted,
      bytesReceived: counts.bytesReceived,
      max: latencyMs.max,
      p50: latencyMs.p50,
      p99: latencyMs.p99,
      isTimed: true,
    }));
    expect(series.sort(byName)).toEqual(expected.sort(byName));
    const checks = await server.query(
      `SELECT check_name AS name, sum(passes)::int AS passes, sum(fails)::int AS fails
       FROM drumline.check_second WHERE run_id = $1 GROUP BY 1 ORDER BY 1`,
      [run.runId],
    );
    expect(checks).toEqual(
      sums.checks.map(({ name, passes, fails }) => ({ name, passes, fails })).sort(byName),
    );
    const [orders] = await server.query<{ value: number }>(
      `SELECT sum(value) AS value FROM drumline.metric_second WHERE run_id = $1 AND metric = 'orders'`,
      [run.runId],
    );
    expect(sums.metrics.find(({ name }) => name === 'orders')).toMatchObject({ sum: orders!.value });
  }

  test('each series, check and metric has the figures of the report', async () => {
    const generated = intervalsOf(51);
    await write(generated);
    await expectFigures(generated);
  });

  test('response times that follow their counts are those of the seconds before', async () => {
    const generated = intervalsOf(52);
    const held = new HeldTimes();
    held.everySeconds = 5;
    const last = generated.events.findLastIndex(({ type }) => type === 'closed');
    const events = generated.events.map((event, index): IntervalEvent => {
      if (event.type !== 'closed') return event;
      const counts = held.hold(event.counts);
      if (index === last) held.everySeconds = 1;
      const [merged = counts] = mergeDeltas([counts, ...held.take(event.second)]);
      return { ...event, counts: merged };
    });
    await write({ ...generated, events });
    const [longest] = await server.query<{ seconds: number }>(
      'SELECT max(timed_seconds) AS seconds FROM drumline.second WHERE run_id = $1',
      [generated.run.runId],
    );
    expect(longest!.seconds).toBe(5);
    await expectFigures(generated);
    const [overall] = await server.query<{ p95: number }>(
      'SELECT drumline.percentile_us(array_agg(latency), 0.95)::int AS p95 FROM drumline.run_second WHERE run_id = $1',
      [generated.run.runId],
    );
    expect(overall!.p95 / 1_000).toBe(generated.sums.totals.latencyMs.p95);
  });

  test('a master that resumes a run knows what is written, and changes nothing by writing it again', async () => {
    const generated = intervalsOf(53, { seconds: 8 });
    const { run, events } = generated;
    await write({ ...generated, events: events.slice(0, 6) });
    const next = create();
    await next.open(run);
    const left = { counted: { ...NOTHING }, sinceSecond: 0, position: 8, events: [] };
    // The other master knew only that the second event was written.
    expect(await next.written!(left, 2)).toBe(6);
    await next.close();
    await write(generated);
    await expectFigures(generated);
  });

  test('a thousand series are written well within their second', async () => {
    const generated = intervalsOf(54, { series: 1_000, seconds: 10 });
    const startedAt = performance.now();
    await write(generated);
    console.info(`1,000 series: ${Math.round((performance.now() - startedAt) / 10)} ms for each second`);
    expect(await read(generated)).toMatchObject({ requests: generated.sums.totals.requests });
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

const NOTHING = { second: 0, series: [], checks: [], metrics: [], exceptions: [] };

function disposable<T extends { close(): Promise<void> }>(value: T): T & AsyncDisposable {
  return Object.assign(value, { [Symbol.asyncDispose]: () => value.close() });
}

function byName(a: object, b: object): number {
  const text = (one: object): string => JSON.stringify([(one as { name: string }).name, one]);
  return text(a) < text(b) ? -1 : 1;
}
