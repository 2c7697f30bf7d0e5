// Event streams through the built program: the server's count of requests and events equals the
// report.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

async function resultOf(scenario: string, workers: number): Promise<RunResult> {
  const args = ['-H', target.url, '--expect-workers', String(workers)];
  await using cluster = await Cluster.start(scenario, args);
  for (let n = 1; n <= workers; n += 1) cluster.addWorker(`w${n}`);
  return await cluster.result();
}

function requestsOf({ series }: RunResult, is: (one: RunResult['series'][number]) => boolean): number {
  return series.reduce((sum, one) => sum + (is(one) ? one.requests : 0), 0);
}

test('every opened stream and every received event is counted', async () => {
  const result = await resultOf('prices', 2);
  expect(result.totals.requests).toBe(target.count);
  const all = requestsOf(result, ({ method, name }) => method === 'GET' && name === 'all');
  expect(all).toBeGreaterThan(5);
  expect(requestsOf(result, ({ method, name }) => method === 'price' && name === 'all')).toBe(all * 8);
  expect(requestsOf(result, ({ method, name }) => method === 'done' && name === 'all')).toBe(all);
  const some = requestsOf(result, ({ method, name }) => method === 'GET' && name === 'some');
  const events = requestsOf(result, ({ method, name }) => method === 'price' && name === 'some');
  expect(events).toBeGreaterThanOrEqual(some * 3);
  expect(events).toBeLessThanOrEqual(target.prices.sent - all * 9);
  expect(result.errors).toMatchObject([
    {
      protocol: 'http',
      method: 'GET',
      name: 'refused',
      error: 'content type application/json, not text/event-stream',
    },
  ]);
  expect(result.exceptions).toEqual([]);
  expect(target.prices.open).toBe(0);
});

test('a stream that is open at the end of the run passes', async () => {
  const result = await resultOf('prices-endless', 1);
  expect(result.totals.requests).toBe(6);
  expect(result).toMatchObject({ code: 0, totals: { failures: 0, interrupted: 0 }, exceptions: [] });
  expect(requestsOf(result, ({ protocol }) => protocol === 'sse')).toBeGreaterThan(0);
  expect(target.prices.open).toBe(0);
});
