// A search finds the capacity of a target that serves a known number of requests at a time.
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { Cluster, scenarioPath } from '../support/drumline.js';

/** Requests at a time, and the time of each: 100 requests per second at most. */
const PLACES = 5;
const SERVICE_MS = 50;
/** A rate at which queues cannot grow, even if timers fire a few milliseconds late. */
const SURELY_FINE = 80;

let target: TestServer;
let url: string;
let served = 0;
beforeEach(async () => {
  served = 0;
  const waiting: ServerResponse[] = [];
  let busy = 0;
  const serve = (): void => {
    if (busy >= PLACES) return;
    const response = waiting.shift();
    if (!response) return;
    busy += 1;
    setTimeout(() => {
      busy -= 1;
      served += 1;
      response.end('ok');
      serve();
    }, SERVICE_MS);
  };
  target = await serveHttp((_, response) => {
    waiting.push(response);
    serve();
  });
  url = target.origin;
});
afterEach(async () => {
  await target.close();
});

test('the rate grows until the target is too slow, and the answer is within a step of its capacity', async () => {
  await using cluster = await Cluster.start(scenarioPath('find-limit'), ['-H', url, '--expect-workers', '2']);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  const result = await cluster.result();
  expect(result.totals).toMatchObject({ requests: served, failures: 0 });
  const { perSecond, brokenAt, steps, reason } = result.limit!;
  // A busy machine may delay a lane. Such a step never passes.
  const untrusted = steps.filter((step) => step.untrusted !== undefined);
  expect(untrusted.filter(({ passed }) => passed)).toEqual([]);
  if (untrusted.length > 0) return;
  expect(result).toMatchObject({ code: 0, exit: 'passed', reasons: [] });
  expect(reason).toBe('condition');
  expect(perSecond).toBeGreaterThanOrEqual(SURELY_FINE);
  expect(perSecond).toBeLessThanOrEqual((PLACES * 1_000) / SERVICE_MS);
  expect(brokenAt).toBe(perSecond! + 20);
  expect(steps.at(-1)).toMatchObject({ passed: false, observed: [{ passed: false }, { passed: true }] });
  expect(result.output).toContain(`The limit is ${perSecond}/s: p90 < 250ms did not hold at ${brokenAt}/s.`);
});

test('a search goes on after each of several restarts of the master, and counts every start', async () => {
  const args = ['-H', url, '--expect-workers', '2'];
  await using cluster = await Cluster.start(scenarioPath('find-limit-short'), args);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  const restart = async (): Promise<void> => {
    await cluster.killMaster();
    cluster.startMasterAgain();
  };
  const { elapsedMs } = await cluster.until((status) => status.elapsedMs > 1_500);
  await restart();
  // In the second after the workers are back, their reports are still late.
  await cluster.until((status) => status.workers.missing === 0 && status.elapsedMs > elapsedMs + 1_000);
  await restart();
  await cluster.until(({ limit }) => limit?.passedPerSecond === 40);
  await restart();
  const result = await cluster.result();
  expect(result.notes.filter(({ code }) => code === 'master-resumed')).toHaveLength(3);
  const codes = result.notes.map(({ code }) => code);
  for (const code of ['reports-missing', 'starts-missing'] as const) expect(codes).not.toContain(code);
  // A busy machine may delay a lane, but no start of a step may be missing.
  const untrusted = result.limit!.steps.flatMap(({ untrusted: one }) => one?.message ?? []);
  expect(untrusted.filter((message) => !message.includes('the bottleneck'))).toEqual([]);
  if (untrusted.length === 0) expect(result.limit).toMatchObject({ perSecond: 60, reason: 'highest' });
  expect(result.limit!.steps[0]).toMatchObject({ perSecond: 40 });
  expect(result.totals).toMatchObject({ requests: served, failures: 0 });
});
