// Arrivals and iterations that were due, requests at the target and requests in the report are the
// same numbers.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, type StatusView } from 'drumline/client';
import type { RunResult, StartCounts } from '@drumline/wire';
import { Cluster, scenarioPath } from '../support/drumline.js';
import { startSite, type Asked, type Site } from '../support/site.js';

let site: Site;
let asked: Asked[];
beforeEach(async () => {
  asked = [];
  site = await startSite((one) => {
    asked.push(one);
    return { json: {} };
  });
});
afterEach(async () => {
  await site.close();
});

async function clusterOf(scenario: string, workers: number): Promise<Cluster> {
  const args = ['-H', site.url, '--expect-workers', String(workers)];
  const cluster = await Cluster.start(scenarioPath(scenario), args);
  for (let n = 1; n <= workers; n += 1) cluster.addWorker(`w${n}`);
  return cluster;
}

/** The numbers that the target saw at a path, ascending. */
function numbersAt(path: string): number[] {
  const those = asked.filter((one) => one.path === path);
  return those.map(({ query }) => Number(query.get('n'))).sort((a, b) => a - b);
}

function usersAt(path: string): Set<string | null> {
  return new Set(asked.filter((one) => one.path === path).map(({ query }) => query.get('user')));
}

/** What became of the starts that were due. A busy machine skips those that are late at the end. */
function startsOf({ schedule = [] }: Pick<RunResult, 'schedule'>, due?: number): StartCounts {
  const sum = (of: (counts: StartCounts) => number): number =>
    schedule.reduce((total, counts) => total + of(counts), 0);
  const starts = {
    started: sum(({ started }) => started),
    late: sum(({ late }) => late),
    dropped: sum(({ dropped }) => dropped),
    skipped: sum(({ skipped }) => skipped),
  };
  expect(starts.dropped).toBe(0);
  if (due !== undefined) expect(starts.started + starts.skipped).toBe(due);
  return starts;
}

/** Checks that what was due was seen, nothing twice. A calm machine starts and ends everything. */
function expectOnce(numbers: readonly number[], result: RunResult, due?: number): void {
  const { started, skipped } = startsOf(result, due);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length).toBeGreaterThan(0);
  expect(Math.max(...numbers)).toBeLessThan(started + skipped);
  if (result.untrusted === undefined) expect(numbers).toHaveLength(started);
  else expect(numbers.length).toBeLessThanOrEqual(started);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('each arrival that is due is a new user with one iteration', async () => {
  await using cluster = await clusterOf('arrivals', 2);
  const result = await cluster.result();
  const { totals, connections, code } = result;
  expectOnce(numbersAt('/visit'), result, 300);
  expect(usersAt('/visit').size).toBe(asked.length);
  expect([totals.requests, totals.failures, code]).toEqual([asked.length, 0, 0]);
  expect(connections?.[0]?.opened).toBe(asked.length);
});

test('readers of the events see the planned rate and how busy the lanes are', async () => {
  await using cluster = await clusterOf('arrivals', 1);
  const seen: StatusView[] = [];
  for await (const event of connect({ url: cluster.api }).run().events({ reconnect: false }))
    if (event.type === 'interval') seen.push(event.status);
  const planned = seen.filter(({ plannedRate }) => plannedRate !== undefined);
  expect(planned.map(({ plannedRate }) => plannedRate)).toContain(100);
  const busiest = Math.max(...planned.map(({ busiestLanePercent }) => busiestLanePercent));
  expect(busiest).toBeGreaterThan(0);
  expect((await cluster.result()).code).toBe(0);
});

test('each iteration that is due runs once, with warm connections, while workers join and leave', async () => {
  await using cluster = await clusterOf('iterations', 1);
  await cluster.until(({ state }) => state === 'running');
  await cluster.until(() => asked.length > 100);
  cluster.addWorker('w2');
  const from = asked.length;
  await cluster.until(async () => {
    const views = await cluster.workerViews();
    return asked.length > from + 200 && views.some(({ id, requests }) => id === 'w2' && requests > 100);
  });
  cluster.workers[0]!.signal('SIGTERM');
  await cluster.workers[0]!.ended;
  const left = asked.length;
  await cluster.until(() => asked.length > left + 100);
  await cluster.order('stop');
  const result = await cluster.result();
  const { totals, workers, connections, code } = result;
  expectOnce(numbersAt('/look'), result);
  expectOnce(numbersAt('/buy'), result);
  expect([totals.requests, totals.failures, code]).toEqual([asked.length, 0, 14]);
  expect(workers).toHaveLength(2);
  for (const { requests } of workers) expect(requests).toBeGreaterThan(100);
  expect(connections?.[0]?.opened).toBeLessThan(asked.length);
});

test('a lane that crashes leaves no iteration out and repeats none', async () => {
  await using cluster = await clusterOf('iterations-crashing', 2);
  const { totals, losses } = await cluster.result();
  expect(losses).toMatchObject([{ lane: 0 }]);
  expect(numbersAt('/look')).toEqual(upTo(800));
  expect(totals.requests).toBe(800);
});

test('phases follow each other, and their names are tags', async () => {
  await using cluster = await clusterOf('phases', 2);
  const result = await cluster.result();
  const { totals, series, schedule, code } = result;
  const { started } = startsOf(result, 470);
  if (started === 470)
    expect(numbersAt('/')).toEqual([...upTo(50), ...upTo(120), ...upTo(300)].sort((a, b) => a - b));
  expect([asked.length, totals.requests, code]).toEqual([started, started, 0]);
  const inPhase = (name: string): number =>
    series.filter(({ tags }) => tags['phase'] === name).reduce((sum, { requests }) => sum + requests, 0);
  const startedIn = (name: string): number =>
    schedule!.filter(({ phase }) => phase === name).reduce((sum, one) => sum + one.started, 0);
  const phases = ['warmUp', 'fixed', 'rate'];
  expect(phases.map(inPhase)).toEqual(phases.map(startedIn));
  expect(inPhase('fixed')).toBe(120);
});
