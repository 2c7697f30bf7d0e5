// One cluster that stays and executes the runs that are submitted to it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { seriesSums } from '../support/html-report.js';
import { sumsOf } from '../support/series-sums.js';
import { eventually, scenarioPath } from '../support/drumline.js';
import { Service } from '../support/service.js';

/** Targets that each count the requests of one run. */
async function startTargets(count: number): Promise<[Target, ...Target[]] & AsyncDisposable> {
  const targets = await Promise.all(Array.from({ length: count }, () => startTarget()));
  const close = async (): Promise<void> => {
    await Promise.all(targets.map((target) => target.close()));
  };
  return Object.assign(targets as [Target, ...Target[]], { [Symbol.asyncDispose]: close });
}

test('runs follow each other on the same workers, and each report equals the target’s count', async () => {
  await using service = await Service.start();
  await using targets = await startTargets(3);
  const ids: string[] = [];
  for (const target of targets) ids.push(await service.submitted('quick', target, ['--iterations', '40']));
  // Without workers, they wait in the order of their submissions.
  const { output } = await service.ran('queue');
  const [first, second] = await Promise.all(ids.map((id) => service.client.run(id).view()));
  expect(first).toMatchObject({ state: 'queued', position: 1, waitingFor: 'no worker is connected' });
  expect(second).toMatchObject({ state: 'queued', position: 2 });
  expect(output).toMatch(/1\s+[0-9a-f]{8}\s+quick\.ts\s+queued\s+all/);
  await service.addWorkers('w1', 'w2');
  for (const [index, id] of ids.entries()) {
    const { run, totals, exit } = await service.result(id);
    expect([run.id, exit, totals.requests]).toEqual([id, 'passed', targets[index]!.count]);
    expect(totals.requests).toBeGreaterThan(0);
  }
  const views = await Promise.all(ids.map((id) => service.client.run(id).view()));
  for (const [before, after] of [views.slice(0, 2), views.slice(1)])
    expect(Date.parse(after!.startedAt!)).toBeGreaterThan(Date.parse(before!.endedAt!));
  expect((await service.ran('logs', ids[0]!)).output).toMatch(
    /printed {4}Worker w1 joined[^]*state {6}The run is running[^]*state {6}The run has ended: passed/,
  );
  const ended = service.client.run(ids[0]);
  const { totals, series, timeline } = await ended.result();
  const { points } = await ended.timeline({ points: 1 });
  expect(points).toEqual([{ ...timeline[0], ...points[0] }]);
  expect(points[0]).toMatchObject({ requests: totals.requests, p50Ms: totals.latencyMs.p50 });
  const page = await ended.series({ filter: 'requests>0' });
  expect(page).toEqual({ total: series.length, series: series.map((one) => expect.objectContaining(one)) });
  const timed = await ended.seriesTimeline({ filter: `id:${page.series[0]!.id}` });
  expect(timed.timelines.map((one) => one.series)).toEqual([page.series[0]]);
  expect(sumsOf(timed.timelines[0]!)).toEqual([page.series[0]!.requests, page.series[0]!.failures]);
  expect(await ended.report('csv')).toContain('Aggregated');
  const requests = targets[0].count;
  expect(seriesSums(await ended.report('html'))).toEqual({ result: requests, charts: requests });
  await expect(ended.annotate('late')).rejects.toMatchObject({ code: 'request-invalid' });
  const { verdict, advice, baseline } = await service.client.compare({ baseline: ids[0]!, run: ids[1]! });
  expect([verdict, baseline.id]).toEqual(['cannot-tell', ids[0]]);
  expect(advice).toContain('too short to compare');
  const itself = { baseline: ids[0]!, run: ids[0]! };
  await expect(service.client.compare(itself)).rejects.toMatchObject({ code: 'argument-invalid' });
  const figures = { requests: totals.requests, p95Ms: totals.latencyMs.p95, perSecond: totals.rate };
  expect(await ended.view()).toMatchObject({ figures, target: targets[0].url });
});

test('`submit --watch` shows the run, writes the reports and has its exit code', async () => {
  await using service = await Service.start();
  await using targets = await startTargets(1);
  const [target] = targets;
  await service.addWorkers('w1');
  const json = `${service.directory}/result.json`;
  const junit = `${service.directory}/junit.xml`;
  const reports = ['--watch', '--no-html', '--json', json, '--junit', junit];
  const args = ['--iterations', '40', '--threshold', 'failures < 0', ...reports];
  const { code, output } = await service.submit('quick', target, args).ended;
  expect(code).toBe(18);
  expect(output).toMatch(
    /Submitted run [0-9a-f-]{36}\.\n[^]*state: running[^]*✗ failed[^]*result {2}\S+result\.json/,
  );
  // Quiet, it prints one line, as `drumline run` does.
  const failing = ['--iterations', '40', '--threshold', 'count > 1000000', '--watch', '--no-html', '--quiet'];
  const quiet = await service.submit('quick', target, failing).ended;
  expect(quiet.output).toMatch(/^failed: 1 of 1 thresholds? failed.*; exit 18 thresholds-failed: .*\n$/);
});

test('starts scenarios of its directory and uploaded ones, with parameters and secrets', async () => {
  await using service = await Service.start(['--scenarios', dirname(scenarioPath('quick'))]);
  await using targets = await startTargets(2);
  const [first, second] = targets;
  await service.addWorkers('w1');
  const { client } = service;
  const { scenarios } = await client.scenarios();
  expect(scenarios.map(({ path }) => path)).toContain('quick.ts');
  const options = { target: first.url, 'run-time': '1s' };
  const quick = await client.startScenario({ path: 'quick.ts', options, labels: { from: 'page' } });
  const { run, totals } = await service.result(quick.runId);
  expect([run.scenario, run.labels, totals.requests]).toEqual(['quick.ts', { from: 'page' }, first.count]);
  const upload = { name: 'own.ts', text: UPLOADED };
  const secret = 'kX9-7q-z-Lm42Tr';
  const { parameters, problems } = await client.scenario(upload);
  expect(parameters.map(({ name }) => name)).toEqual(['page', 'token']);
  expect(problems).toEqual([]);
  const own = await client.startScenario({
    upload,
    options: { target: second!.url, iterations: '7' },
    parameters: { page: 'first', token: secret },
  });
  const names = { scenario: 'Reading', scenarioPath: 'own.ts' };
  expect(own).toMatchObject(names);
  const result = await service.result(own.runId);
  await service.ended(own.runId);
  expect((await client.runs()).runs).toMatchObject([
    names,
    { scenario: 'quick.ts', scenarioPath: 'quick.ts' },
  ]);
  expect([result.run.scenario, (await client.run(own.runId).status()).scenario]).toEqual([
    'Reading',
    'Reading',
  ]);
  expect([result.exit, result.totals.requests, second!.count]).toEqual(['passed', 7, 7]);
  expect(result.series.map(({ name }) => name)).toEqual(['page first']);
  expect(JSON.stringify(result) + service.master.output).not.toContain(secret);
  // Every problem at once, of options and of the scenario.
  const wrong = {
    upload,
    options: { users: 'many', 'run-time': '1x' },
    parameters: { pge: 'x' },
    maxWait: '0',
  };
  await expect(client.startScenario(wrong)).rejects.toMatchObject({
    code: 'scenario-invalid',
    problems: ['--max-wait', '--users', '--run-time', '--param pge'].map((where) => ({ where })),
  });
  const importing = {
    name: 'own.ts',
    text: `import { x } from './helper.js';\nconsole.log(x);\n${UPLOADED}`,
  };
  await expect(client.scenario(importing)).rejects.toThrow(/an uploaded scenario is one file/);
  await expect(client.scenario('../quick.ts')).rejects.toMatchObject({ code: 'scenario-unknown' });
  await expect(client.startScenario({})).rejects.toMatchObject({ code: 'argument-invalid' });
});

const UPLOADED = `import { param, scenario, user } from 'drumline';
const page = param('page', { default: 'home' });
const token = param('token', { secret: true });
const tasks = {
  load: async ({ http }: { http: { get(path: string, options: object): Promise<unknown> } }) => {
    await http.get('/products', { name: 'page ' + page, headers: { authorization: String(token) } });
  },
};
export default scenario({ name: 'Reading', users: [user('reader', { tasks } as never)] });
`;

test('two runs execute at once on disjoint workers, and canceling one leaves the others exact', async () => {
  await using service = await Service.start();
  await using targets = await startTargets(3);
  await service.addWorkers('w1', 'w2');
  const one = ['--workers', '1'];
  const endless = await service.submitted('steady', targets[0]!, one);
  const other = await service.submitted('steady', targets[1]!, one);
  const third = await service.submitted('quick', targets[2]!, [...one, '--iterations', '40']);
  await Promise.all([endless, other].map((id) => service.until(id, ({ state }) => state === 'running')));
  const waiting = await service.client.run(third).view();
  expect(waiting).toMatchObject({ state: 'queued', position: 1, workersWanted: 1 });
  expect(waiting.waitingFor).toMatch(
    /^it wants 1 workers, and 0 are free: run \w{8} has 1, run \w{8} has 1$/,
  );
  const workers = await service.client.workers();
  expect(new Set(workers.map(({ runId }) => runId))).toEqual(new Set([endless, other]));
  // Which run is meant must be said.
  expect(await service.ran('status')).toMatchObject({ code: 2, output: expect.stringContaining(endless) });
  expect((await service.ran('cancel', endless.slice(0, 8))).output).toContain('The run was canceled');
  await service.ended(third);
  await service.client.run(other).stop();
  for (const [index, id] of [other, third].entries()) {
    const { totals, exit, workers: used } = await service.result(id);
    expect([exit, totals.requests]).toEqual(['passed', targets[index + 1]!.count]);
    expect(used).toHaveLength(1);
  }
  expect(await service.client.run(endless).view()).toMatchObject({ state: 'aborted' });
  // Its users have stopped.
  const { count } = targets[0]!;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(targets[0]!.count).toBe(count);
});

test('submissions that cannot be accepted are refused with the reason', async () => {
  await using service = await Service.start(['--queue-limit', '2', '--keep', '1', '--keep', '30d']);
  const target = { url: 'http://127.0.0.1:9' };
  const key = ['--idempotency-key', 'job 17'];
  const id = await service.submitted('quick', target, key);
  expect(await service.submitted('quick', target, key)).toBe(id);
  expect(await service.submit('quick', target, [...key, '-u', '7']).ended).toMatchObject({
    code: 11,
    output: expect.stringContaining(`belongs to another submission, which is run ${id}`),
  });
  const second = await service.submitted('quick', target);
  expect(await service.submit('quick', target).ended).toMatchObject({
    code: 11,
    output: expect.stringMatching(/the queue is full: 2 runs wait\n.*drumline cancel RUN/),
  });
  expect((await service.ran('cancel', id)).output).toContain('The run was canceled before it started.');
  expect(await service.ended(id)).toMatchObject({ state: 'aborted', exitCode: 14 });
  expect(await service.client.run(second).view()).toMatchObject({ position: 1 });
  const near = `${second.slice(0, 7)}${second[7] === '0' ? '1' : '0'}`;
  expect(await service.ran('cancel', near)).toMatchObject({
    code: 2,
    output: expect.stringMatching(new RegExp(`there is no run '${near}'\n.*Did you mean ${second}`)),
  });
  expect(await service.submit('quick', target, ['--json', 'x.json']).ended).toMatchObject({ code: 2 });
  await expect(service.client.submit({ scenario: 'x' } as never)).rejects.toMatchObject({
    code: 'argument-invalid',
  });
  // Of the runs that have ended, one is kept.
  expect((await service.client.runs({ state: ['active'] })).runs).toHaveLength(1);
  await service.ran('cancel', second);
  const kept = await eventually(async () => {
    const { runs } = await service.client.runs();
    return runs.length === 1 ? runs : undefined;
  });
  expect(kept).toMatchObject([{ runId: second, state: 'aborted' }]);
});

test('a run that no worker can load costs no worker', async () => {
  await using service = await Service.start();
  await using targets = await startTargets(1);
  const [target] = targets;
  await service.addWorkers('w1');
  const path = `${service.directory}/missing.ts`;
  const source = await readFile(scenarioPath('quick'), 'utf8');
  await writeFile(path, `import 'only-here';\n${source}`);
  // The worker has another working directory.
  const installed = `${service.directory}/node_modules/only-here`;
  await mkdir(installed, { recursive: true });
  await writeFile(`${installed}/package.json`, '{"name":"only-here","version":"1.0.0","main":"index.js"}');
  await writeFile(`${installed}/index.js`, '');
  const args = ['--external', 'only-here', '--watch', '--no-html'];
  expect(await service.submit(path, target, args).ended).toMatchObject({
    code: 10,
    output: expect.stringMatching(/Worker w1 could not load the scenario: .*only-here/),
  });
  const { totals } = await service.result(await service.submitted('quick', target, ['--iterations', '40']));
  expect(totals.requests).toBe(target.count);
});
