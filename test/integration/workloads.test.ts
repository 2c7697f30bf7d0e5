// Arrivals and iterations that were due, requests at the target and requests in the report are the
// same numbers.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, type StatusView } from 'drumline/client';
import { Cluster, pause, scenarioPath } from '../support/drumline.js';
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

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('each arrival that is due is a new user with one iteration', async () => {
  await using cluster = await clusterOf('arrivals', 2);
  const { totals, connections, code } = await cluster.result();
  expect(numbersAt('/visit')).toEqual(upTo(300));
  expect(usersAt('/visit').size).toBe(300);
  expect([totals.requests, totals.failures, code]).toEqual([300, 0, 0]);
  expect(connections?.[0]?.opened).toBe(300);
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
  await pause(1_000);
  cluster.addWorker('w2');
  await pause(2_500);
  cluster.workers[0]!.signal('SIGTERM');
  const { totals, workers, connections, code } = await cluster.result();
  expect(numbersAt('/look')).toEqual(upTo(1_200));
  expect(numbersAt('/buy')).toEqual(upTo(1_200));
  expect([totals.requests, totals.failures, code]).toEqual([2_400, 0, 0]);
  for (const { requests } of workers) expect(requests).toBeGreaterThan(200);
  expect(connections?.[0]?.opened).toBeLessThan(600);
});

test('a lane that crashes leaves no iteration out and repeats none', async () => {
  await using cluster = await clusterOf('iterations-crashing', 2);
  const { totals, losses } = await cluster.result();
  expect(losses).toMatchObject([{ lane: 0, returned: true }]);
  expect(numbersAt('/look')).toEqual(upTo(800));
  expect(totals.requests).toBe(800);
});

test('phases follow each other, and their names are tags', async () => {
  await using cluster = await clusterOf('phases', 2);
  const { totals, series, code } = await cluster.result();
  const expected = [...upTo(50), ...upTo(120), ...upTo(300)].sort((a, b) => a - b);
  expect(numbersAt('/')).toEqual(expected);
  expect([totals.requests, code]).toEqual([470, 0]);
  const inPhase = (phase: string): number =>
    series.filter(({ tags }) => tags['phase'] === phase).reduce((sum, { requests }) => sum + requests, 0);
  expect([inPhase('warmUp'), inPhase('fixed'), inPhase('rate')]).toEqual([50, 120, 300]);
});
