// A function of the scenario decides about the users. The target sees exactly those users.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
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

async function clusterOf(scenario: string, ...more: string[]): Promise<Cluster> {
  const args = ['-H', site.url, '--expect-workers', '2', ...more];
  const cluster = await Cluster.start(scenarioPath(scenario), args);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  return cluster;
}

/** The users that the target saw at a path. */
function usersAt(path: string): number {
  return new Set(asked.filter((one) => one.path === path).map(({ query }) => query.get('user'))).size;
}

test('a shape changes the number of users over time, and null ends the run', async () => {
  await using cluster = await clusterOf('shape');
  const { totals, timeline, notes, code } = await cluster.result();
  expect(usersAt('/look')).toBe(6);
  expect([totals.requests, totals.failures, code]).toEqual([asked.length, 0, 0]);
  const users = timeline.map((point) => point.users);
  expect(users).toEqual(expect.arrayContaining([2, 6]));
  expect(Math.max(...users)).toBe(6);
  expect(notes.filter(({ code }) => code === 'shape-failed' || code === 'load-changed')).toEqual([]);
});

test('a shape changes the mix by user type, and sees time, users and figures', async () => {
  await using cluster = await clusterOf('shape-types');
  const { totals, series, code, output } = await cluster.result();
  expect([usersAt('/look'), usersAt('/edit')]).toEqual([3, 2]);
  expect([totals.requests, code]).toEqual([asked.length, 0]);
  const at = (path: string): number => asked.filter((one) => one.path === path).length;
  expect(Object.fromEntries(series.map(({ name, requests }) => [name, requests]))).toEqual({
    '/look': at('/look'),
    '/edit': at('/edit'),
  });
  expect(output).toContain('the shape saw the run');
});

test('a function that throws or returns nonsense leaves the load as it is', async () => {
  await using cluster = await clusterOf('shape-failing');
  const { totals, notes, code } = await cluster.result();
  expect(usersAt('/look')).toBe(2);
  expect([totals.requests, code]).toEqual([asked.length, 0]);
  const messages = notes.filter(({ code }) => code === 'shape-failed').map(({ message }) => message);
  expect(messages).toEqual([
    expect.stringContaining('no forecast'),
    expect.stringContaining('-1 is not a number of users'),
    expect.stringContaining("there is no user type 'shoper', did you mean 'shopper'?"),
  ]);
});

test('--run-time limits a shape', async () => {
  await using cluster = await clusterOf('shape', '--run-time', '1s');
  const { totals, timeline } = await cluster.result();
  expect(usersAt('/look')).toBe(2);
  expect(totals.requests).toBe(asked.length);
  expect(timeline.length).toBeLessThanOrEqual(2);
});

test('a master that resumes the run asks the shape again', async () => {
  await using cluster = await clusterOf('shape', '--param', 'stepMs=6000');
  await cluster.until(({ users }) => users >= 2);
  await cluster.killMaster();
  cluster.startMasterAgain();
  const { totals, code } = await cluster.result();
  expect(usersAt('/look')).toBe(6);
  expect([totals.requests, code]).toEqual([asked.length, 0]);
});
