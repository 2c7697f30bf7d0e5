import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '../../../../test/support/processes.js';
import type { Output } from '../output.js';
import { prometheus } from './index.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

async function opened(port: number, runId: string): Promise<Output> {
  const output = await prometheus.create({ name: 'prometheus', url: `127.0.0.1:${port}`, options: {} });
  cleanups.push(() => output.close());
  await output.check!();
  const startedAt = '2026-01-01T00:00:00.000Z';
  await output.open({ runId, scenario: 'shop', startedAt, labels: {}, fromSecond: 0 });
  return output;
}

async function runsAt(port: number): Promise<string[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  // A family that was written twice would be refused by Prometheus.
  const types = text.match(/^# TYPE \S+/gm)!;
  expect(new Set(types).size).toBe(types.length);
  return [...text.matchAll(/^drumline_run_info\{.*run="([^"]+)"/gm)].map(([, run]) => run!).sort();
}

test('runs side by side share a port, and another one takes it when the first ends', async () => {
  const port = await freePort();
  const first = await opened(port, 'run-1');
  await opened(port, 'run-2');
  const third = await opened(port, 'run-3');
  expect(await runsAt(port)).toEqual(['run-1', 'run-2', 'run-3']);
  await third.close();
  expect(await runsAt(port)).toEqual(['run-1', 'run-2']);
  await first.close();
  for (;;) {
    const runs = await runsAt(port).catch(() => []);
    if (runs.length === 0) continue;
    expect(runs).toEqual(['run-2']);
    break;
  }
});

test('a port of another program is refused', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  await expect(opened(port, 'run-1')).rejects.toThrow('another program listens at');
});
