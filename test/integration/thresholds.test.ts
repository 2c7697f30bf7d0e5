// Thresholds decide the verdict of real runs, from the target's own counts.
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StatusView } from '@drumline/wire';
import { Cluster, Drumline, scenarioPath } from '../support/drumline.js';

/** Fails every tenth request. */
let target: http.Server;
let url: string;
let [home, admin, failed]: number[] = [];
beforeEach(async () => {
  [home, admin, failed] = [0, 0, 0];
  target = http.createServer((request, response) => {
    if (request.url === '/admin') admin! += 1;
    else home! += 1;
    const isFailure = (home! + admin!) % 10 === 0;
    if (isFailure) failed! += 1;
    response.statusCode = isFailure ? 503 : 200;
    response.end('ok');
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
});
afterEach(() => {
  target.closeAllConnections();
  target.close();
});

/** As in the result: six decimals. */
function rounded(figure: number): number {
  return Math.round(figure * 1e6) / 1e6;
}

async function clusterOf(workers: number, ...args: string[]): Promise<Cluster> {
  const own = ['-H', url, '--expect-workers', String(workers)];
  const cluster = await Cluster.start('thresholds', [...own, ...args]);
  for (let n = 1; n <= workers; n += 1) cluster.addWorker(`w${n}`);
  return cluster;
}

describe('a run with thresholds', () => {
  test('passes although requests failed, with the figures of the target over all workers', async () => {
    await using cluster = await clusterOf(3, '--threshold', 'failures >= 1');
    const result = await cluster.result();
    const { thresholds = [], totals, checks, workers } = result;
    expect(result).toMatchObject({ code: 0, exit: 'passed', verdict: 'passed', reasons: [] });
    expect(workers.every(({ requests }) => requests > 0)).toBe(true);
    expect([totals.requests, totals.failures]).toEqual([home! + admin!, failed!]);
    const [check] = checks;
    expect(thresholds.map(({ of, observed, passed }) => [of, observed, passed])).toEqual([
      ['', rounded(failed! / (home! + admin!)), true],
      ['GET /admin', expect.any(Number), true],
      ['user admin', expect.any(Number), true],
      ['tier=gold', admin, true],
      ['check status is 200', rounded(check!.passes / home!), true],
      ['metric looks', home, true],
      ['', failed, true],
    ]);
    expect(thresholds[0]!.margin).toBe(Math.round((1 - failed! / (home! + admin!) / 0.1) * 1e4) / 1e4);
    expect(cluster.master.output).toContain('All 7 thresholds passed');
  });

  test('fails if one is not met or has no data, and names what was probably meant', async () => {
    const args = ['--threshold', 'error rate < 2%', '--threshold', 'GET /admn: p99 < 1s'];
    await using cluster = await clusterOf(1, ...args);
    const result = await cluster.result();
    expect(result).toMatchObject({ code: 18, exit: 'thresholds-failed', verdict: 'failed' });
    const failing = result.thresholds!.filter(({ passed }) => !passed);
    expect(failing).toMatchObject([
      { expression: 'error rate < 2%', observed: rounded(failed! / (home! + admin!)) },
      {
        expression: 'p99 < 1s',
        observed: null,
        problem: "no request of GET /admn was made; did you mean 'GET /admin'?",
      },
    ]);
    expect(failing[0]!.brokenForMs).toBeGreaterThan(0);
    expect(result.reasons!.map(({ code }) => code)).toEqual(['threshold-failed', 'threshold-failed']);
  });

  test('ends early when one that aborts is broken, and shows it while it runs', async () => {
    const args = ['-t', '10m', '--abort-on', 'error rate > 2% over 2s'];
    await using cluster = await clusterOf(2, ...args);
    await cluster.master.prints(/Threshold error rate <= 2% over 2s is broken/);
    const result = await cluster.result();
    expect(result).toMatchObject({ code: 19, exit: 'threshold-abort', verdict: 'failed' });
    expect(result.totals.requests).toBe(home! + admin!);
    expect(result.run.durationMs).toBeLessThan(60_000);
    expect(result.thresholds!.at(-1)).toMatchObject({
      expression: 'error rate <= 2% over 2s',
      aborted: true,
      passed: false,
    });
    expect(result.notes.find(({ code }) => code === 'stopped-early')!.message).toMatch(
      /^The threshold error rate <= 2% over 2s was broken, so the run ended after /,
    );
  });

  test('is judged further by another master after a restart', async () => {
    const args = ['-t', '10m', '--threshold', 'error rate < 2%', '--threshold', 'rate < 1/s over 2s'];
    await using cluster = await clusterOf(1, ...args);
    await cluster.master.prints(/Threshold rate < 1\/s over 2s is broken/);
    await cluster.killMaster();
    cluster.startMasterAgain();
    await cluster.master.prints(/Resuming run/);
    const isBroken = (status: StatusView): boolean => status.thresholds!.at(-1)!.brokenForMs > 0;
    const { brokenForMs } = (await cluster.until(isBroken)).thresholds!.at(-1)!;
    await cluster.order('stop');
    const result = await cluster.result();
    expect(result).toMatchObject({ code: 18, exit: 'thresholds-failed' });
    expect(result.totals.requests).toBe(home! + admin!);
    const [rate, window] = result.thresholds!.slice(-2);
    expect(rate!.observed).toBe(rounded(failed! / (home! + admin!)));
    expect(window).toMatchObject({ passed: false, firstBrokenAtMs: 2_000 });
    expect(window!.brokenForMs).toBeGreaterThanOrEqual(brokenForMs);
  });
});

test('checks and metrics are counted and judged by their tags, and by the phase of the load', async () => {
  await using cluster = await Cluster.start('tagged', ['-H', url, '--expect-workers', '2']);
  for (const worker of ['w1', 'w2']) cluster.addWorker(worker);
  const { thresholds, code, checks, metrics } = await cluster.result();
  expect(thresholds!.filter(({ passed }) => !passed)).toEqual([]);
  expect([code, home! + admin!, failed]).toEqual([0, 100, 10]);
  const counted = checks.map(({ name, tags, passes, fails }) => ({ name, ...tags, all: passes + fails }));
  const status = counted.filter(({ name }) => name === 'status is 200');
  expect(status).toMatchObject([
    { page: 'admin', phase: 'peak' },
    { page: 'admin', phase: 'quiet' },
    { page: 'home', phase: 'peak' },
    { page: 'home', phase: 'quiet' },
  ]);
  expect(status.slice(0, 2).reduce((sum, { all }) => sum + all, 0)).toBe(admin);
  expect(status.slice(2).reduce((sum, { all }) => sum + all, 0)).toBe(home);
  expect(counted.filter(({ name }) => name === 'has a body')).toEqual([
    { name: 'has a body', phase: 'peak', all: 60 },
    { name: 'has a body', phase: 'quiet', all: 40 },
  ]);
  const values = (name: string): object[] =>
    metrics.flatMap((metric) =>
      metric.name === name && metric.kind === 'counter' ? [{ ...metric.tags, sum: metric.sum }] : [],
    );
  // Numbers of iterations begin at 0 in each phase. Every fourth is for the page admin.
  expect(values('looks')).toEqual([
    { page: 'admin', phase: 'peak', sum: 2 * 15 },
    { page: 'admin', phase: 'quiet', sum: 2 * 10 },
    { page: 'home', phase: 'peak', sum: 2 * 45 },
    { page: 'home', phase: 'quiet', sum: 2 * 30 },
  ]);
  expect(values('visits')).toEqual([
    { phase: 'peak', sum: 60 },
    { phase: 'quiet', sum: 40 },
  ]);
  expect(cluster.master.output).toMatch(/status is 200 \[page=home phase=peak\]/);
});

test('a tag that no check or metric has is no data, with the values that there were', async () => {
  const run = new Drumline(['run', scenarioPath('tagged-wrong'), '-H', url, '--no-api', '--no-html']);
  const { code, output: lines } = await run.ended;
  const output = lines.replaceAll(/\s+/g, ' ');
  expect(code).toBe(18);
  expect(output).toContain("no check 'status is 200' with page=hom was made; did you mean 'home'?");
  expect(output).toContain("nothing was added to a metric 'looks' with page=hom; did you mean 'home'?");
});

test('mistakes in thresholds are reported together, before the run', async () => {
  const check = new Drumline(['check', scenarioPath('thresholds'), '--threshold', 'user admn: p99 < 1s']);
  expect(await check.ended).toMatchObject({
    code: 3,
    output: expect.stringContaining('did you mean admin?'),
  });
  const run = new Drumline(['run', scenarioPath('thresholds'), '--threshold', 'p99 < 300']);
  const { code, output } = await run.ended;
  expect([code, output]).toEqual([2, expect.stringContaining('the limit 300 has no unit')]);
  expect(output).toContain('Write p99 < 300ms.');
});
