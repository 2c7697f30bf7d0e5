// A target that answers nothing for a while must not hide how long its users waited.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Cluster, scenarioPath } from '../support/drumline.js';

const PER_SECOND = 100;
const RUN_S = 20;
const FROZEN_MS = 5_000;
/** After the first request. */
const FREEZE_AT_MS = 6_000;

const waiting: http.ServerResponse[] = [];
let target: http.Server;
let [count, firstMs, frozen] = [0, 0, { fromMs: Infinity, toMs: Infinity }];

beforeEach(async () => {
  target = http.createServer((_, response) => {
    count += 1;
    if (firstMs === 0) {
      firstMs = performance.now();
      setTimeout(freeze, FREEZE_AT_MS);
    }
    if (performance.now() < frozen.toMs && performance.now() >= frozen.fromMs) waiting.push(response);
    else response.end('ok');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  target.closeAllConnections();
  target.close();
});

function freeze(): void {
  frozen = { fromMs: performance.now(), toMs: Infinity };
  setTimeout(() => {
    frozen.toMs = performance.now();
    for (const response of waiting.splice(0)) response.end('ok');
  }, FROZEN_MS);
}

/** What each arrival waits by the schedule, from the first arrival on, ascending. */
function waitsMs(): number[] {
  const dueMs = Array.from({ length: PER_SECOND * RUN_S }, (_, n) => firstMs + (n * 1_000) / PER_SECOND);
  const isFrozen = (ms: number): boolean => ms >= frozen.fromMs && ms < frozen.toMs;
  return dueMs.map((ms) => (isFrozen(ms) ? frozen.toMs - ms : 0)).sort((a, b) => a - b);
}

test('response times of a frozen target are those of the schedule', async () => {
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  await using cluster = await Cluster.start(scenarioPath('frozen'), ['-H', url, '--expect-workers', '2']);
  cluster.addWorker('w1');
  cluster.addWorker('w2');
  const { totals, schedule, exit } = await cluster.result();
  const { started, skipped } = schedule![0]!;
  // A busy machine skips starts that are late at the end.
  expect(started + skipped).toBe(PER_SECOND * RUN_S);
  expect([totals.requests, count, exit]).toEqual([started, started, 'passed']);
  const waits = waitsMs();
  const expected = (quantile: number): number => waits[Math.ceil(waits.length * quantile) - 1]!;
  expect(expected(0.99)).toBeGreaterThan(FROZEN_MS * 0.9);
  // Within two percent. Where starts are late by much, users wait longer.
  expect(totals.latencyMs.p99 / expected(0.99)).toBeGreaterThan(0.98);
  if (schedule!.every(({ late }) => late === 0))
    expect(totals.latencyMs.p99 / expected(0.99)).toBeLessThan(1.02);
});
