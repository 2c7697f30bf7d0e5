// WebSockets through the built program: the server's count of connections and messages equals the
// report.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster, eventually } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

async function clusterOf(scenario: string, workers: number, ...args: string[]): Promise<Cluster> {
  const expected = ['--expect-workers', String(workers)];
  const cluster = await Cluster.start(scenario, ['-H', target.url, ...expected, ...args]);
  for (let n = 1; n <= workers; n += 1) cluster.addWorker(`w${n}`);
  return cluster;
}

function requestsOf({ series }: RunResult, method: string): number {
  return series.reduce((sum, one) => sum + (one.method === method ? one.requests : 0), 0);
}

function sumOf({ metrics }: RunResult, name: string): number {
  const metric = metrics.find((one) => one.name === name);
  return metric?.kind === 'counter' ? metric.sum : 0;
}

function expectEqualCounts(result: RunResult): void {
  const { connections, received, sent } = target.feed;
  expect(requestsOf(result, 'CONNECT')).toBe(connections);
  expect(sumOf(result, 'ws messages sent')).toBe(received);
  expect(sumOf(result, 'ws messages received')).toBe(sent);
}

test('a run that ends by time counts every connection and message, and leaves no connection open', async () => {
  await using cluster = await clusterOf('feed', 2);
  const result = await cluster.result();
  expectEqualCounts(result);
  expect(target.feed.connections).toBeGreaterThan(20);
  expect(requestsOf(result, 'REQUEST')).toBe(requestsOf(result, 'PING'));
  expect(target.feed.open).toBe(0);
  expect(result.totals.statuses).toEqual({ 101: target.feed.connections, 1000: requestsOf(result, 'CLOSE') });
  expect(target.count).toBe(0);
  expect(result).toMatchObject({
    code: 0,
    totals: { failures: 0, interrupted: 0 },
    exceptions: [],
  });
  expect(new Set(result.series.map(({ protocol, method, name }) => `${protocol} ${method} ${name}`))).toEqual(
    new Set(['ws CONNECT /feed', 'ws CONNECT watch', 'ws REQUEST price', 'ws PING /feed', 'ws CLOSE watch']),
  );
});

test('waiting users are interrupted at the end, not failed, and their connections are closed', async () => {
  await using cluster = await clusterOf('feed-silent', 1);
  const result = await cluster.result();
  expectEqualCounts(result);
  expect(result).toMatchObject({ code: 0, totals: { requests: 16, failures: 0, interrupted: 8 } });
  expect(result.exceptions).toEqual([]);
  expect(target.feed.open).toBe(0);
});

test('connections that the server drops fail once each, without exceptions, and users reconnect', async () => {
  await using cluster = await clusterOf('feed-silent', 1, '-t', '60s');
  await eventually(() => (target.feed.open === 8 ? true : undefined));
  target.feed.terminate();
  await eventually(() => (target.feed.connections === 16 && target.feed.open === 8 ? true : undefined));
  await cluster.order('stop');
  const result = await cluster.result();
  expect(requestsOf(result, 'CONNECT')).toBe(16);
  expect(result.errors).toMatchObject([
    { protocol: 'ws', method: 'EXPECT', error: 'connection closed (1006)', occurrences: 8 },
  ]);
  expect(result.totals).toMatchObject({ failures: 8, interrupted: 8 });
  expect(result.exceptions).toEqual([]);
});
