// The examples for protocols of your own, against real servers: what the server counts is what the
// report counts.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { connect as connectAmqp } from 'amqplib';
import { Redis } from 'ioredis';
import { connectAsync } from 'mqtt';
import type { RunResult } from '@drumline/wire';
import { startSite } from '../support/site.js';
import { Drumline, eventually } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing, pathOf } from '../support/programs.js';
import { RabbitMq } from '../support/rabbitmq.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  // Servers that drop their privileges write to it.
  await chmod(directory, 0o777);
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts a server, and waits until it listens. */
async function start(
  program: string,
  args: readonly string[],
  port: number,
  options: object = {},
): Promise<void> {
  const child: ChildProcess = spawn(pathOf(program) ?? program, args, { stdio: 'ignore', ...options });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  cleanups.push(async () => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(force);
  });
  await eventually(async () => ((await isListening(`tcp://127.0.0.1:${port}`)) ? true : undefined));
}

/** Runs an example. @returns its result, and a function for the requests of a row */
async function run(
  example: string,
  ...args: string[]
): Promise<{ result: RunResult; rows: (method: string) => number }> {
  const json = join(await temporaryDirectory(), 'result.json');
  const own = ['--json', json, '--no-html', '--no-api', '-t', '4s'];
  await using drumline = new Drumline(['run', join(EXAMPLES, example, 'scenario.ts'), ...own, ...args]);
  const { code, output } = await drumline.ended;
  if (code !== 0) throw new Error(`exit code ${code}:\n${output}`);
  const result = JSON.parse(await readFile(json, 'utf8')) as RunResult;
  const rows = (method: string): number =>
    result.series.reduce((sum, one) => (one.method === method ? sum + one.requests : sum), 0);
  return { result, rows };
}

needing('redis-server')('Redis', () => {
  test('the server has processed each command of the report', async () => {
    const port = await freePort();
    await start('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], port);
    const { rows, result } = await run(
      'redis',
      '-u',
      '8',
      '--lanes',
      '2',
      '--param',
      `redis=redis://127.0.0.1:${port}`,
    );
    const redis = new Redis(port);
    cleanups.push(() => redis.disconnect());
    const stats = await redis.info('commandstats');
    const calls = (command: string): number =>
      Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    expect(rows('GET')).toBeGreaterThan(100);
    expect(calls('get')).toBe(rows('GET'));
    expect(calls('mget')).toBe(rows('MGET'));
    // The setup has written 1,000 keys.
    expect(calls('set')).toBe(rows('SET') + 1_000);
    expect(rows('CONNECT')).toBe(8);
    expect(result.totals.failures).toBe(0);
  });
});

needing('postgresql', postgresVersion)('PostgreSQL', () => {
  test('the database has the rows of each insert and transaction of the report', async () => {
    await using server = await PostgresServer.start();
    const { rows } = await run(
      'postgresql',
      '-u',
      '8',
      '--lanes',
      '2',
      '--param',
      `database=${server.url()}`,
    );
    const count = async (table: string): Promise<number> =>
      Number((await server.query<{ count: string }>(`SELECT count(*) FROM ${table}`))[0]!.count);
    expect(rows('SELECT')).toBeGreaterThan(50);
    expect(await count('payments')).toBe(rows('TRANSACTION'));
    expect(await count('orders')).toBe(rows('INSERT') + rows('TRANSACTION'));
  });
});

needing('mosquitto')('MQTT', () => {
  test('a subscriber of the broker receives each message of the report', async () => {
    const port = await freePort();
    await start('mosquitto', ['-p', String(port)], port);
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
    cleanups.push(() => client.endAsync(true));
    let received = 0;
    client.on('message', () => (received += 1));
    await client.subscribeAsync('sensors/#', { qos: 1 });
    const { rows, result } = await run(
      'mqtt',
      '-u',
      '9',
      '--lanes',
      '1',
      '--param',
      `broker=mqtt://127.0.0.1:${port}`,
    );
    expect(rows('PUBLISH')).toBeGreaterThan(100);
    await eventually(() => (received === rows('PUBLISH') ? true : undefined), 5_000);
    // The monitor stops together with the sensors, so it may miss their last messages.
    expect(rows('DELIVER')).toBeGreaterThan(rows('PUBLISH') * 0.9);
    expect(result.metrics.find(({ name }) => name === 'messages received')).toMatchObject({
      sum: rows('DELIVER'),
    });
  });
});

needing('rabbitmq-server')('RabbitMQ', () => {
  test('each published message is consumed, or still in the queue', async () => {
    await using server = await RabbitMq.start();
    const { url } = server;
    const { rows, result } = await run('rabbitmq', '-u', '10', '--lanes', '1', '--param', `broker=${url}`);
    const connection = await connectAmqp(url);
    const channel = await connection.createChannel();
    const { messageCount } = await channel.checkQueue('orders');
    await connection.close();
    expect(rows('PUBLISH')).toBeGreaterThan(100);
    expect(rows('DELIVER') + messageCount).toBe(rows('PUBLISH'));
    expect(result.metrics.find(({ name }) => name === 'orders consumed')).toMatchObject({
      sum: rows('DELIVER'),
    });
  });
});

needing('chromium')('a browser', () => {
  test('the pages of its journeys are those that the site has served', async () => {
    let pages = 0;
    const site = await startSite(({ path, headers }) => {
      if (path === '/' && headers['sec-fetch-mode'] === 'navigate') pages += 1;
      return path === '/' ? { html: '<h1>Shop</h1>' } : {};
    });
    cleanups.push(() => site.close());
    const { rows, result } = await run(
      'browser',
      '-u',
      '3',
      '--external',
      'playwright-core',
      '--param',
      `site=${site.url}`,
      '--param',
      `chromium=${pathOf('chromium')}`,
    );
    expect(rows('GOTO')).toBeGreaterThan(0);
    expect(pages).toBe(rows('GOTO'));
    expect(result.metrics.find(({ name }) => name.startsWith('first contentful paint'))).toMatchObject({
      kind: 'trend',
    });
    expect(result.workers.flatMap(({ laneGroups = [] }) => laneGroups).sort()).toEqual([
      'browsers',
      'default',
    ]);
  });
});
