// The output to InfluxDB, with a real server.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { influxdb } from '../../packages/outputs/dist/influx/index.js';
import { feed, intervalsOf, outputContract, type GeneratedRun } from '@drumline/outputs/testing';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';
import { needing, pathOf } from '../support/programs.js';

class InfluxServer implements AsyncDisposable {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly hasUsers: boolean,
    private readonly control: number,
  ) {}

  static async start({ hasUsers = false } = {}): Promise<InfluxServer> {
    const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
    const server = new InfluxServer(await freePort(), directory, hasUsers, await freePort());
    await server.restart();
    return server;
  }

  url(database: string, user = ''): string {
    return `http://${user}127.0.0.1:${this.port}/${database}`;
  }

  /** Executes statements. @returns the rows of the first series, by column */
  async query(text: string, database = ''): Promise<Record<string, string | number>[]> {
    const query = new URLSearchParams({ q: text, db: database, u: 'admin', p: 'secret' });
    const response = await fetch(`http://127.0.0.1:${this.port}/query?${query.toString()}`, {
      method: 'POST',
    });
    const body = (await response.json()) as {
      error?: string;
      results?: { series?: { columns: string[]; values: (string | number)[][] }[]; error?: string }[];
    };
    const [result] = body.results ?? [];
    const error = body.error ?? result?.error;
    if (error !== undefined) throw new Error(`${text}: ${error}`);
    const [series] = result?.series ?? [];
    return (series?.values ?? []).map((row) =>
      Object.fromEntries(row.map((value, index) => [series!.columns[index]!, value])),
    );
  }

  async restart(): Promise<void> {
    const { directory } = this;
    const env = {
      PATH: process.env['PATH'],
      HOME: directory,
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${this.control}`,
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${this.port}`,
      INFLUXDB_HTTP_AUTH_ENABLED: String(this.hasUsers),
      INFLUXDB_META_DIR: join(directory, 'meta'),
      INFLUXDB_DATA_DIR: join(directory, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(directory, 'wal'),
    };
    // Without its arguments, it reads a configuration file of the machine.
    this.process = spawn(pathOf('influxd')!, ['-config', '/dev/null'], { stdio: 'ignore', env });
    await eventually(
      async () => ((await isListening(`tcp://127.0.0.1:${this.port}`)) ? true : undefined),
      60_000,
    );
  }

  async stop(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process === undefined) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGTERM');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

needing('influxd')('InfluxDB', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await InfluxServer.start();
    await server.query('CREATE DATABASE "load"');
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const create = (url = server.url('load'), options = {}) =>
    influxdb.create({ name: 'influxdb', url, options });

  async function read({ run }: GeneratedRun): Promise<{ requests: number; failures: number }> {
    const sums = 'SELECT sum(requests) AS requests, sum(failures) AS failures FROM';
    const where = `WHERE run = '${run.runId}'`;
    const [overall] = await server.query(`${sums} drumline_run ${where}`, 'load');
    const [bySeries] = await server.query(`${sums} drumline_requests ${where} AND part = ''`, 'load');
    expect(bySeries).toEqual(overall);
    return { requests: Number(overall?.['requests'] ?? 0), failures: Number(overall?.['failures'] ?? 0) };
  }

  describe('as an output', () => {
    for (const { name, run } of outputContract({ create: () => create(), read, isCumulative: false }))
      test(name, run);
  });

  test('each series can be found by its name and tags, with bytes and response times', async () => {
    const generated = intervalsOf(77);
    const output = await create();
    await feed(output, generated);
    for (const { key, requests, bytesReceived, latencyMs } of generated.sums.series) {
      // The format has no newlines in tags.
      const name = key.name.replaceAll('\n', ' ').replaceAll(/[\\']/g, String.raw`\$&`);
      const tags = key.tags.map(([tag, value]) => ` AND tag_${tag} = '${value}'`).join('');
      const [found] = await server.query(
        `SELECT sum(requests) AS requests, sum(received_bytes) AS bytes, max(max_ms) AS max,
           sum(response_ms) / sum(responses) AS mean
         FROM drumline_requests WHERE run = '${generated.run.runId}' AND "name" = '${name}' AND protocol = '${key.protocol}'
           AND method = '${key.method}' AND "user" = '${key.user}'${tags}`.replaceAll(/\s+/g, ' '),
        'load',
      );
      expect([key.name, found]).toMatchObject([
        key.name,
        { requests, bytes: bytesReceived, max: latencyMs.max },
      ]);
      expect(Math.abs(Number(found!['mean']) - latencyMs.mean)).toBeLessThan(0.001);
    }
  });

  test('a run adds up to the count of the target', async () => {
    const target = await startTarget({ host: '127.0.0.1' });
    const flags = [
      '-H',
      target.url,
      '-u',
      '3',
      '-t',
      '3s',
      '--no-html',
      '--no-api',
      '--label',
      'test=influx',
    ];
    await using command = new Drumline([
      'run',
      scenarioPath('quick'),
      ...flags,
      '--out',
      `influxdb=${server.url('load')}`,
    ]);
    expect(await command.ended).toMatchObject({ code: 0 });
    await target.close();
    const where = `WHERE scenario = 'quick.ts'`;
    const [requests] = await server.query(
      `SELECT sum(requests) AS sum FROM drumline_requests ${where}`,
      'load',
    );
    expect(requests).toMatchObject({ sum: target.count });
    const [responses] = await server.query(
      `SELECT sum(responses) AS sum FROM drumline_responses ${where} AND status = '200'`,
      'load',
    );
    expect(responses).toMatchObject({ sum: target.count });
  });

  test('a database that does not exist, and wrong credentials, are refused with a hint', async () => {
    const unknown = await create(server.url('nothing'));
    await expect(unknown.check!()).rejects.toThrow(
      `create it with influx -execute 'CREATE DATABASE "nothing"'`,
    );
    await using locked = await InfluxServer.start({ hasUsers: true });
    await locked.query(`CREATE USER admin WITH PASSWORD 'secret' WITH ALL PRIVILEGES`);
    await locked.query('CREATE DATABASE "load"');
    const wrong = await create(locked.url('load', 'admin:wrong@'));
    await expect(wrong.check!()).rejects.toMatchObject({
      name: 'OutputError',
      message: expect.stringContaining('check the user, the password or the token'),
    });
    await (
      await create(locked.url('load', 'admin:secret@'))
    ).check!();
  });

  test('points that are written again after a restart of the server count once', async () => {
    const generated = intervalsOf(78, { seconds: 4 });
    const output = await create();
    await feed(output, generated);
    await server.stop();
    const { signal } = new AbortController();
    const first = generated.events[0]!;
    if (first.type !== 'closed') throw new Error('the first event closes a second');
    const batch = output.interval(first, 1);
    await expect(output.send(batch, signal)).rejects.toThrow('cannot be reached');
    await server.restart();
    await eventually(
      () =>
        output.send(batch, signal).then(
          () => true,
          () => undefined,
        ),
      30_000,
    );
    expect((await read(generated)).requests).toBe(generated.sums.totals.requests);
  });
});
