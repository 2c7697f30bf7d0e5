// Rows that are used once: no row reaches the target twice, whatever happens to lanes, workers and
// the master.
import { expect, test } from '@jest/globals';
import type { RowsResult } from '@drumline/wire';
import { Cluster } from '../support/drumline.js';
import { startProxy } from '../support/network.js';
import { startSite, type Site } from '../support/site.js';

/** A target that remembers the rows it was sent. */
async function startShop(): Promise<{ site: Site; ids: number[]; pids: number[] } & AsyncDisposable> {
  const ids: number[] = [];
  /** The lanes that sent them. */
  const pids: number[] = [];
  const site = await startSite(({ query }) => {
    ids.push(Number(query.get('id')));
    pids.push(Number(query.get('pid')));
    return { json: {} };
  });
  return { site, ids, pids, [Symbol.asyncDispose]: () => site.close() };
}

const params = (values: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => ['--param', `${name}=${value}`]);

/** What the result says about the only table. */
function rowsOf({ rows = [] }: { readonly rows?: readonly RowsResult[] }): RowsResult & { lostRows: number } {
  expect(rows).toHaveLength(1);
  const [one] = rows as [RowsResult];
  return { ...one, lostRows: one.lost.reduce((sum, lost) => sum + lost.rows, 0) };
}

const sorted = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);
const upTo = (rows: number): number[] => Array.from({ length: rows }, (_, id) => id);

test('each row is used once over two workers, and users stop when none is left', async () => {
  await using shop = await startShop();
  const args = ['-H', shop.site.url, '--expect-workers', '2', ...params({ rows: 700, users: 6 })];
  await using cluster = await Cluster.start('take', [...args, ...params({ order: 'shuffled' })]);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  const result = await cluster.result();
  expect(sorted(shop.ids)).toEqual(upTo(700));
  expect(shop.ids.slice(0, 50)).not.toEqual(sorted(shop.ids.slice(0, 50)));
  expect(rowsOf(result)).toMatchObject({ use: 'once', rows: 700, issued: 700, used: 700, lost: [] });
  expect(result.totals).toMatchObject({ requests: 700, failures: 0 });
  expect(result.code).toBe(0);
  expect(result.output).toMatch(/700 of 700 rows issued, 700 used/);
});

test('a row that a stopped run did not use is not issued, and whenEmpty decides at the end of the rows', async () => {
  await using shop = await startShop();
  const args = ['-H', shop.site.url, '--expect-workers', '1', ...params({ users: 4 })];
  await using few = await Cluster.start('take', [...args, ...params({ rows: 30, total: 30 })]);
  few.addWorker('w1');
  const all = await few.result();
  expect(rowsOf(all)).toMatchObject({ issued: 30, used: 30, lost: [] });
  expect(all.code).toBe(0);
  shop.ids.length = 0;

  await using stopping = await Cluster.start('take', [
    ...args,
    ...params({ rows: 30, whenEmpty: 'stop-run' }),
  ]);
  stopping.addWorker('w1');
  const stopped = await stopping.result();
  expect(sorted(shop.ids)).toEqual(upTo(30));
  expect(stopped.exit).toBe('stopped-by-scenario');
  expect(stopped.output).toMatch(/has no row left/);
  shop.ids.length = 0;

  await using repeating = await Cluster.start('take', [
    ...args,
    ...params({ rows: 30, total: 75, whenEmpty: 'repeat' }),
  ]);
  repeating.addWorker('w1');
  const repeated = await repeating.result();
  expect(sorted(shop.ids)).toEqual(sorted([...upTo(30), ...upTo(30), ...upTo(15)]));
  expect(rowsOf(repeated)).toMatchObject({ rows: 30, issued: 75, used: 75, lost: [] });
});

test('a user that waits for a row stops at once when the run does', async () => {
  await using shop = await startShop();
  // If users were cut off, the run would last longer than the test may.
  const args = ['-H', shop.site.url, '--expect-workers', '1', '--stop-timeout', '10m'];
  await using cluster = await Cluster.start('take', [
    ...args,
    ...params({ rows: 3, users: 5, whenEmpty: 'wait' }),
  ]);
  cluster.addWorker('w1');
  await cluster.until(({ users }) => users === 5 && shop.ids.length === 3);
  await cluster.order('stop');
  const result = await cluster.result();
  expect(rowsOf(result)).toMatchObject({ issued: 3, used: 3, lost: [] });
  expect(result.exceptions).toEqual([]);
  expect(result.metrics).toEqual([]);
});

test('no row is used twice when workers join, leave, die and are cut off, a lane is killed, and the master is killed', async () => {
  await using shop = await startShop();
  const args = ['-H', shop.site.url, '--expect-workers', '3'];
  await using cluster = await Cluster.start('take', [
    ...args,
    ...params({ rows: 100_000, users: 12, wait: 5 }),
  ]);
  await using network = await startProxy(cluster.port);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  cluster.addWorker('far', ['--orphan-grace', '1s'], network.address);
  const sent = (more: number): Promise<unknown> => {
    const from = shop.ids.length;
    return cluster.until(() => shop.ids.length >= from + more);
  };
  await sent(400);
  // Beyond its grace, the worker that is cut off has stopped its users.
  network.cut();
  cluster.workers[1]!.signal('SIGKILL');
  cluster.addWorker('w4');
  await cluster.until(({ workers }) => workers.missing === 2);
  await sent(300);
  await cluster.killMaster();
  cluster.startMasterAgain();
  await sent(300);
  network.mend();
  await cluster.until(({ workers }) => workers.missing === 1);
  process.kill(shop.pids.at(-1)!, 'SIGKILL');
  await sent(300);
  cluster.workers[0]!.signal('SIGTERM');
  await sent(600);
  await cluster.order('stop');
  const result = await cluster.result();
  expect(new Set(shop.ids).size).toBe(shop.ids.length);
  const rows = rowsOf(result);
  // The killed worker and the killed lane had rows, and nobody else got them.
  expect(rows.lost.map(({ worker }) => worker)).toContain('w2');
  expect(rows.lost).toHaveLength(2);
  expect(rows.used + rows.lostRows).toBe(rows.issued);
  expect(rows.used).toBeLessThanOrEqual(shop.ids.length);
  expect(shop.ids.length).toBeLessThanOrEqual(rows.issued);
  expect(result.notes.map(({ code }) => code)).toContain('rows-lost');
  expect(result.output).toMatch(/used or not with/);
});
