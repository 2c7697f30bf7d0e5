// A load that follows a file: each line is one start, at its time, whatever happens to the workers.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Cluster, scenarioPath } from '../support/drumline.js';
import { startSite } from '../support/site.js';

/** Clocks of workers are estimated to be this exact, and starts may be half a timer early. */
const EARLY_MS = 20;

interface Line {
  readonly number: number;
  readonly dueMs: number;
  readonly who: 'reader' | 'writer';
}

/** Lines of ten seconds in no order, of which many have the same time. */
function linesOf(count: number): Line[] {
  return Array.from({ length: count }, (_, number) => {
    const tenths = number < 2 ? number * 100 : (number * 37) % 100;
    return { number, dueMs: (tenths * 100) / 2, who: number % 5 === 0 ? 'writer' : 'reader' };
  });
}

/** Writes lines with a path each, and reports the requests that they caused. */
async function replaying(lines: readonly Line[]) {
  const seen: { n: number; type: string; path: string; atMs: number }[] = [];
  const site = await startSite(({ query, path }) => {
    seen.push({ n: Number(query.get('n')), type: query.get('type')!, path, atMs: Date.now() });
    return { json: {} };
  });
  const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  const log = lines.map(({ number, dueMs, who }) => `${1e9 + (dueMs * 2) / 1_000},${who},/p/${number % 7}`);
  await writeFile(join(directory, 'log.csv'), `at,who,path\n${log.join('\n')}\n`);
  const args = ['-H', site.url, '--param', `log=${join(directory, 'log.csv')}`, '--expect-workers', '2'];
  return {
    seen,
    args,
    directory,
    [Symbol.asyncDispose]: async () => {
      await site.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

test('a master that is killed and resumes goes on with the file', async () => {
  await using world = await replaying(linesOf(1_000));
  const { seen, args } = world;
  await using cluster = await Cluster.start(scenarioPath('replay'), args);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  await cluster.until(({ state }) => state === 'running');
  await cluster.until(() => seen.length > 200);
  await cluster.killMaster();
  cluster.startMasterAgain();
  const { schedule = [], totals, code } = await cluster.result();
  expect([totals.requests, totals.failures, code]).toEqual([1_000, 0, 0]);
  expect(schedule.map(({ user, started }) => [user, started])).toEqual([
    ['reader', 800],
    ['writer', 200],
  ]);
  expect(new Set(seen.map(({ n }) => n)).size).toBe(1_000);
});

test('each line starts once, not early, and as the user type that it names, while workers join and leave', async () => {
  const lines = linesOf(1_000);
  await using world = await replaying(lines);
  const { seen, args, directory } = world;
  await using cluster = await Cluster.start(scenarioPath('replay'), args);
  const add = (name: string): unknown =>
    cluster.addWorker(name, [], cluster.address, {
      env: { DRUMLINE_CACHE_DIR: join(directory, `cache-${name}`) },
    });
  add('w1');
  add('w2');
  await cluster.until(({ state }) => state === 'running');
  add('w3');
  await cluster.until(() => seen.length > 300);
  cluster.workers[0]!.signal('SIGTERM');
  const { schedule = [], totals, plan, run, code } = await cluster.result();
  expect([totals.requests, totals.failures, code]).toEqual([1_000, 0, 0]);
  expect(schedule).toMatchObject([
    { user: 'reader', started: 800, dropped: 0, skipped: 0 },
    { user: 'writer', started: 200, dropped: 0, skipped: 0 },
  ]);
  expect(plan!.load.parts[0]!.workload).toMatchObject({
    order: { kind: 'listed', count: 1_000, speed: 2, shares: [800, 200] },
  });
  const byNumber = seen.toSorted((a, b) => a.n - b.n);
  expect(byNumber.map(({ n, type, path }) => [n, type, path])).toEqual(
    lines.map(({ number, who }) => [number, who, `/p/${number % 7}`]),
  );
  const startedMs = Date.parse(run.startedAt);
  const early = byNumber.map(({ n, atMs }) => startedMs + lines[n]!.dueMs - atMs);
  expect(Math.max(...early)).toBeLessThan(EARLY_MS);
});
