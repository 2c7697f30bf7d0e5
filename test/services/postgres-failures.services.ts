// What the PostgreSQL output does while its database fails, with a real database.
import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import postgres from '@drumline/output-postgres';
import { feed, intervalsOf, type GeneratedRun } from '@drumline/outputs/testing';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath, type Ended } from '../support/drumline.js';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing } from '../support/programs.js';
import { SmallDisk } from '../support/small-disk.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

/** Listens on a free port, and passes each connection on. */
async function listen(accept: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    accept(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function run(out: string, ...args: string[]): Promise<Ended> {
  const fixed = ['-H', 'http://127.0.0.1:9', '--no-html', '--no-api', '--out', out];
  await using command = new Drumline(['run', scenarioPath('quick'), ...fixed, ...args]);
  return await command.ended;
}

async function requestsIn(server: PostgresServer, runId: string): Promise<number[]> {
  const rows = await server.query<{ requests: number }>(
    `SELECT sum(requests)::int AS requests FROM drumline.summary WHERE run_id = $1 AND NOT is_part
     UNION ALL SELECT sum(requests)::int FROM drumline.run_second WHERE run_id = $1`,
    [runId],
  );
  return rows.map(({ requests }) => requests);
}

needing('postgresql', postgresVersion)('a failing PostgreSQL', () => {
  test('a second counts once although its confirmation was lost', async () => {
    await using database = await PostgresServer.start();
    let lost = 0;
    const { port } = await listen((socket) => {
      const onward = connect(database.port, '127.0.0.1').on('error', () => socket.destroy());
      cleanups.push(() => onward.destroy());
      let commits = 0;
      socket.on('data', (bytes) => {
        if (bytes.includes('COMMIT')) commits += 1;
        onward.write(bytes);
      });
      onward.on('data', (bytes) => {
        // Every third commit is confirmed to nobody.
        if (commits < 3) return void socket.write(bytes);
        lost += 1;
        socket.destroy();
      });
    });
    const generated = intervalsOf(41, { seconds: 10 });
    const output = postgres.create({
      name: 'postgres',
      url: `postgres://shop@127.0.0.1:${port}/postgres`,
      options: {},
    });
    await output.check!();
    const send = output.send.bind(output);
    output.send = async (batch, signal) => {
      await eventually(
        () =>
          send(batch, signal).then(
            () => true,
            () => undefined,
          ),
        30_000,
      );
    };
    await feed(Object.assign(output, { check: undefined }), generated);
    await output.close();
    expect(lost).toBeGreaterThan(2);
    const { requests } = generated.sums.totals;
    expect(await requestsIn(database, generated.run.runId)).toEqual([requests, requests]);
  });

  test('a restart during the run loses nothing', async () => {
    await using database = await PostgresServer.start();
    const target = await startTarget({ host: '127.0.0.1' });
    cleanups.push(() => target.close());
    const json = join(folder({}), 'result.json');
    const load = ['-H', target.url, '-u', '3', '-t', '6s', '--json', json];
    const running = run(`postgres=${database.url()}`, ...load);
    await eventually(async () => {
      const rows = await database.query('SELECT FROM drumline.run_second').catch(() => []);
      return rows.length > 1 ? true : undefined;
    }, 60_000);
    await database.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await database.restart();
    expect(await running).toMatchObject({ code: 0 });
    const { run: about, totals, notes } = JSON.parse(readFileSync(json, 'utf8')) as RunResult;
    expect(totals.requests).toBe(target.count);
    expect(await requestsIn(database, about.id)).toEqual([target.count, target.count]);
    expect(notes.map(({ code }) => code)).not.toContain('output-dropped');
  });

  test('wrong credentials, an unknown database and a missing right refuse the run', async () => {
    await using database = await PostgresServer.start('scram-sha-256');
    const refused = async (url: string): Promise<string> => {
      const { code, output } = await run(`postgres=${url}`);
      expect({ code, output }).toMatchObject({ code: 9 });
      expect(output).not.toContain('Workers join');
      expect(output).toContain('Nothing was started.');
      return output;
    };
    const wrong = await refused(database.url('postgres', 'shop:mistaken'));
    expect(wrong).toContain('password authentication failed for user "shop"');
    expect(wrong).not.toContain('mistaken');
    expect(await refused(database.url('postgres', 'shop'))).toContain('set PGPASSWORD');
    expect(await refused(database.url('nothing'))).toContain('database "nothing" does not exist; create it');
    await database.query(`CREATE ROLE reader LOGIN PASSWORD 'secret'`);
    expect(await refused(database.url('postgres', 'reader:secret'))).toContain('permission denied');
    expect(await refused(`${database.url()}?sslmode=require`)).toContain('does not support SSL');
  });

  test('a server that never answers refuses the run within its limit', async () => {
    const { port } = await listen(() => {});
    const startedAt = performance.now();
    const { code, output } = await run(`postgres=postgres://shop@127.0.0.1:${port}/load`);
    expect({ code, output }).toMatchObject({ code: 9 });
    expect(output).toMatch(/postgres=postgres:\/\/127\.0\.0\.1:\d+\/load: .*timeout/);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });

  const onSmallDisk = SmallDisk.isPossible ? test : test.skip;
  onSmallDisk('a full disk delays seconds until there is room again', async () => {
    await using database = await PostgresServer.start();
    using disk = SmallDisk.mount(24);
    await chmod(disk.path, 0o777);
    const tables = join(disk.path, 'tables');
    database.mkdir(tables);
    await database.query(`CREATE TABLESPACE small LOCATION '${tables}'`);
    await database.query('ALTER ROLE shop SET default_tablespace = small');
    const generated: GeneratedRun = intervalsOf(42, { series: 50, seconds: 6 });
    const output = postgres.create({ name: 'postgres', url: database.url(), options: {} });
    await output.check!();
    let failures = 0;
    const send = output.send.bind(output);
    output.send = async (batch, signal) => {
      if (failures === 0) disk.fill();
      await eventually(async () => {
        try {
          await send(batch, signal);
          return true;
        } catch (error) {
          expect(error).toMatchObject({ name: 'Error', message: expect.stringContaining('No space left') });
          failures += 1;
          if (failures === 3) disk.empty();
          return undefined;
        }
      }, 30_000);
    };
    await feed(Object.assign(output, { check: undefined }), generated);
    await output.close();
    expect(failures).toBeGreaterThan(2);
    const { requests } = generated.sums.totals;
    expect(await requestsIn(database, generated.run.runId)).toEqual([requests, requests]);
  });
});
