// Stored runs on the command line: one whose master ended it, and one whose master was killed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunSummary } from '@drumline/master/store';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { dataOf, seriesSums } from '../support/html-report.js';
import { Cluster, Drumline, scenarioPath, type Ended } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

/** Runs a command on the runs of a directory. */
async function drumline(dataDirectory: string, ...args: string[]): Promise<Ended> {
  await using command = new Drumline(args, { DRUMLINE_DATA_DIR: dataDirectory });
  return await command.ended;
}

async function runsIn(dataDirectory: string): Promise<RunSummary[]> {
  const { output } = await drumline(dataDirectory, 'runs', '--json');
  return (JSON.parse(output) as { runs: RunSummary[] }).runs;
}

test('a run that ended is listed, reported with the same result, and deleted', async () => {
  const directory = folder({});
  const at = (name: string): string => join(directory, name);
  const [data, first, again] = [at('data'), at('first.json'), at('again.json')];
  const flags = [
    '-H',
    target.url,
    '--iterations',
    '40',
    '--workers',
    '1',
    '--html',
    at('first.html'),
    '--json',
    first,
  ];
  const { code } = await drumline(data, 'run', scenarioPath('quick'), ...flags);
  expect(code).toBe(0);
  const result = JSON.parse(await readFile(first, 'utf8')) as RunResult;
  expect(result.totals.requests).toBe(target.count);

  const [run] = await runsIn(data);
  expect(run).toMatchObject({
    runId: result.run.id,
    state: 'finished',
    verdict: 'passed',
    requests: target.count,
  });
  const id = run!.runId.slice(0, 8);
  expect((await drumline(data, 'runs')).output).toMatch(
    new RegExp(`${id}  quick\\.ts .* ${target.count} .* passed +finished`),
  );

  const report = await drumline(data, 'report', id, '--json', again, '--html', at('again.html'));
  expect(report).toMatchObject({ code: 0, output: expect.stringContaining('passed') });
  expect(JSON.parse(await readFile(again, 'utf8'))).toEqual(result);
  const [page, pageAgain] = [
    await readFile(at('first.html'), 'utf8'),
    await readFile(at('again.html'), 'utf8'),
  ];
  expect(seriesSums(page)).toEqual({ result: target.count, charts: target.count });
  expect([dataOf(pageAgain), seriesSums(pageAgain)]).toEqual([dataOf(page), seriesSums(page)]);
  // A result alone has no counts of series over time.
  await drumline(data, 'report', first, '--html', at('alone.html'));
  const alone = await readFile(at('alone.html'), 'utf8');
  expect(seriesSums(alone)).toEqual({ result: target.count, charts: 0 });
  expect(alone).toContain('There are no charts of single series over time');

  expect((await drumline(data, 'report', 'nothing')).output).toContain("There is no run 'nothing'");
  expect((await drumline(data, 'runs', '--delete', 'latest')).output).toContain(
    `deleted  ${run!.createdAt.slice(0, 4)}`,
  );
  expect((await drumline(data, 'runs')).output).toContain('There are no runs');
});

test('a run whose master was killed is reported up to its last commit, with a note', async () => {
  const data = join(folder({}), 'data');
  const env = { DRUMLINE_DATA_DIR: data };
  await using cluster = await Cluster.start('quick', ['-H', target.url, '-t', '60s'], env);
  cluster.addWorker('w1');
  await cluster.until(({ elapsedMs }) => elapsedMs > 2_500);
  expect(await runsIn(data)).toMatchObject([{ state: 'running' }]);
  expect((await drumline(data, 'runs', '--keep', '0')).output).toContain('which is in progress');
  await cluster.killMaster();

  const { output } = await drumline(data, 'report', 'latest', '--json', '-');
  const { run, totals, notes } = JSON.parse(output) as RunResult;
  expect(run.state).toBe('unfinished');
  expect(totals.requests).toBeGreaterThan(0);
  expect(totals.requests).toBeLessThanOrEqual(target.count);
  expect(notes.at(-1)).toMatchObject({
    code: 'unfinished',
    message: expect.stringContaining('The run did not end'),
  });
  expect(await runsIn(data)).toMatchObject([{ state: 'unfinished', requests: totals.requests }]);
});
