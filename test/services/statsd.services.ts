// The output to StatsD, with a real daemon.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { feed, intervalsOf, type GeneratedRun } from '@drumline/outputs/testing';
import { statsd } from '../../packages/outputs/dist/statsd/index.js';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';
import { needing, pathOf } from '../support/programs.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

/** Starts a daemon that keeps everything. */
async function startDaemon(): Promise<{
  port: number;
  read: (kind: string) => Promise<Record<string, number>>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  cleanups.push(() => rm(directory, { recursive: true }));
  const [port, control] = [await freePort(), await freePort()];
  const config = join(directory, 'config.js');
  const settings = { port, address: '127.0.0.1', mgmt_port: control, mgmt_address: '127.0.0.1' };
  await writeFile(config, JSON.stringify({ ...settings, flushInterval: 3_600_000, backends: [] }));
  const child = spawn(pathOf('statsd')!, [config], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  cleanups.push(async () => {
    child.kill();
    await ended;
  });
  await eventually(
    async () => ((await isListening(`tcp://127.0.0.1:${control}`)) ? true : undefined),
    30_000,
  );
  return { port, read: (kind) => ask(control, kind) };
}

/** Asks the daemon for all metrics of a kind. */
async function ask(port: number, kind: string): Promise<Record<string, number>> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${kind}\n`);
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.endsWith('END\n\n')) break;
  }
  // It prints objects as JavaScript does.
  const pairs = [...text.matchAll(/^\s*'?([\w.-]+)'?: (-?[\d.e+-]+),?$/gm)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name!, Number(value)]));
}

async function write(
  port: number,
  generated: GeneratedRun,
  options: Readonly<Record<string, string>> = {},
): Promise<void> {
  const output = await statsd.create({ name: 'statsd', url: `127.0.0.1:${port}`, options });
  await feed(output, generated);
  await output.close();
}

needing('statsd')('StatsD', () => {
  test('the counters add up to all seconds and corrections, in total and by series', async () => {
    const { port, read } = await startDaemon();
    const generated = intervalsOf(31);
    const { totals } = generated.sums;
    await write(port, generated);
    const counters = await eventually(async () => {
      const all = await read('counters');
      return all['drumline.run.requests'] === totals.requests ? all : undefined;
    }, 10_000);
    const ofSeries = (name: string): number =>
      Object.entries(counters)
        .filter(([key]) => key.endsWith(`.request.${name}`))
        .reduce((sum, [, count]) => sum + count, 0);
    expect(counters['drumline.run.failures']).toBe(totals.failures);
    expect(ofSeries('count')).toBe(totals.requests);
    expect(ofSeries('failures')).toBe(totals.failures);
    expect(ofSeries('received_bytes')).toBe(totals.bytesReceived);
    expect(counters['statsd.bad_lines_seen']).toBe(0);
    const gauges = await read('gauges');
    const last = generated.events.findLast((event) => event.type === 'closed');
    expect(gauges['drumline.run.users']).toBe(last?.type === 'closed' ? last.state.users : undefined);
    expect(gauges['drumline.run.response_time.p95']).toBeGreaterThan(0);
  });

  test('a run adds up to the count of the target', async () => {
    const { port, read } = await startDaemon();
    const target = await startTarget({ host: '127.0.0.1' });
    const flags = ['-H', target.url, '-u', '3', '-t', '3s', '--no-html', '--no-api'];
    await using command = new Drumline([
      'run',
      scenarioPath('quick'),
      ...flags,
      '--out',
      `statsd=localhost:${port}`,
    ]);
    expect(await command.ended).toMatchObject({ code: 0 });
    await target.close();
    const counters = await read('counters');
    expect(counters['drumline.run.requests']).toBe(target.count);
    const responses = Object.entries(counters).filter(([name]) => name.endsWith('.200.request.responses'));
    expect(responses.map(([, count]) => count)).toEqual([target.count]);
  });

  test('1,000 series arrive whole', async () => {
    const { port, read } = await startDaemon();
    const generated = intervalsOf(32, { series: 1_000, seconds: 4 });
    await write(port, generated);
    await eventually(async () => {
      const all = await read('counters');
      const ofSeries = Object.entries(all).filter(([key]) => key.endsWith('.request.count'));
      const sum = ofSeries.reduce((total, [, count]) => total + count, 0);
      if (sum === generated.sums.totals.requests) return true;
      // A daemon that gets no CPU time does not read, and the kernel drops its packets.
      return sum > 0 && sum < generated.sums.totals.requests && (await packetsDroppedAt(port)) > 0
        ? true
        : undefined;
    });
  });
});

/** How many packets the kernel of Linux has dropped, because the socket's buffer was full. */
async function packetsDroppedAt(port: number): Promise<number> {
  const tables = await Promise.all(['udp', 'udp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(local) === true)
    .reduce((sum, columns) => sum + Number(columns.at(-1)), 0);
}
