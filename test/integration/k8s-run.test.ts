// `drumline k8s run` and the commands beside it, with the built program as master and workers. The
// cluster is a small fake; the real one is in test/deploy.
import { expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { FakeCluster } from '../support/fake-cluster.js';
import { tempProjects } from '../support/temp-project.js';

jest.setTimeout(180_000);
const folder = tempProjects();

function k8s(cluster: FakeCluster, ...args: readonly string[]): Drumline {
  return new Drumline(['k8s', ...args], cluster.env);
}

test('a run whose master is replaced and whose workers grow is exact, and leaves nothing behind', async () => {
  await using cluster = await FakeCluster.start();
  const target = await startTarget();
  const json = join(folder({}), 'result.json');
  try {
    const outputs = ['--json', json, '--no-html', '--threshold', 'p95 < 0.001ms'];
    const load = ['-H', target.url, '--workers', '2'];
    await using run = k8s(cluster, 'run', scenarioPath('steady'), '--name', 'shop', ...load, ...outputs);
    await run.prints(/Created run shop with 2 workers\.[^]*state: running/);
    // A second run of this name is refused.
    await using second = k8s(cluster, 'run', scenarioPath('quick'), '--name', 'shop');
    expect(await second.ended).toMatchObject({ code: 11, output: expect.stringContaining('k8s stop shop') });
    await eventually(() => target.count > 100 || undefined);
    cluster.alive.find(({ name }) => name.includes('master'))!.process.signal('SIGTERM');
    await using scale = k8s(cluster, 'scale', 'shop', '--workers', '3');
    expect(await scale.ended).toMatchObject({
      code: 0,
      output: expect.stringContaining('All 3 workers are ready.'),
    });
    await using stop = k8s(cluster, 'stop', 'shop');
    expect((await stop.ended).output).toContain('The run is stopping');
    const { code, output } = await run.ended;
    expect(output).toContain('✗ failed');
    expect(code).toBe(18);
    const { totals, workers, exit } = JSON.parse(readFileSync(json, 'utf8')) as RunResult;
    expect([exit, totals.requests]).toEqual(['thresholds-failed', target.count]);
    expect(workers).toHaveLength(3);
    expect(
      cluster.pods.filter(({ name }) => name.includes('master')).map(({ exitCode }) => exitCode),
    ).toEqual([143, 18]);
    expect(await cluster.termination('drumline-shop-master')).toMatchObject({
      verdict: 'failed',
      exitCode: 18,
    });
    expect(cluster.left).toEqual([]);
  } finally {
    await target.close();
  }
});

test('a detached run is listed, stopped, collected with its verdict as a label, and deleted', async () => {
  await using cluster = await FakeCluster.start();
  const target = await startTarget();
  const json = join(folder({}), 'result.json');
  try {
    const load = ['-H', target.url, '--workers', '1', '--detach'];
    await using run = k8s(cluster, 'run', scenarioPath('steady'), '--name', 'nightly', ...load);
    expect(await run.ended).toMatchObject({ code: 0, output: expect.stringMatching(/^nightly$/m) });
    await eventually(() => target.count > 0 || undefined);
    await using status = k8s(cluster, 'status', 'nightly');
    expect((await status.ended).output).toMatch(
      /steady\.ts is running, for \d+s: 10 of 10 users on 1 workers/,
    );
    await using busy = k8s(cluster, 'delete');
    expect(await busy.ended).toMatchObject({ code: 11, output: expect.stringContaining('--force') });
    await using stop = k8s(cluster, 'stop');
    expect((await stop.ended).output).toContain('The run is stopping');
    await using results = k8s(cluster, 'results', '--json', json, '--no-html');
    expect((await results.ended).code).toBe(0);
    const { totals } = JSON.parse(readFileSync(json, 'utf8')) as RunResult;
    expect(totals.requests).toBe(target.count);
    await using listed = k8s(cluster, 'status');
    expect((await listed.ended).output).toMatch(/^nightly +passed +passed /m);
    await using remove = k8s(cluster, 'delete', '--all');
    expect((await remove.ended).output).toContain('Deleted run nightly.');
    expect(cluster.left).toEqual([]);
  } finally {
    await target.close();
  }
});

test('Ctrl-C stops the run gracefully, and before the submission removes everything', async () => {
  await using cluster = await FakeCluster.start();
  const target = await startTarget();
  try {
    const args = ['run', scenarioPath('steady'), '-H', target.url, '--workers', '1', '--no-html'];
    await using early = k8s(cluster, ...args);
    await early.prints(/Created run steady-\w{5} with 1 worker\./);
    early.signal('SIGINT');
    expect((await early.ended).code).toBe(130);
    expect(cluster.left).toEqual([]);
    expect(target.count).toBe(0);

    await using run = k8s(cluster, ...args);
    await run.prints(/state: running/);
    await eventually(() => target.count > 0 || undefined);
    run.signal('SIGINT');
    const { output } = await run.ended;
    expect(output).toMatch(/Stopping: running tasks may finish[^]*✓ passed/);
    expect(output).toContain(`${target.count.toLocaleString('en')} requests`);
    expect(cluster.left).toEqual([]);
  } finally {
    await target.close();
  }
});

test('a master that is away is reported, and gets the order to stop when it is back', async () => {
  await using cluster = await FakeCluster.start();
  const target = await startTarget();
  try {
    const args = [scenarioPath('steady'), '-H', target.url, '--workers', '1', '--no-html'];
    await using run = k8s(cluster, 'run', ...args);
    await run.prints(/state: running/);
    await eventually(() => target.count > 0 || undefined);
    cluster.replaceAfterMs = 7_000;
    cluster.alive.find(({ name }) => name.includes('master'))!.process.signal('SIGTERM');
    await run.prints(/waiting: the master is away until its pod is replaced/);
    run.signal('SIGINT');
    await run.prints(/Stopping: [^]*gets the order when it is back/);
    const { code, output } = await run.ended;
    expect(output).toMatch(/The master is back after \d+s\.[^]*✓ passed/);
    expect([code, output]).toEqual([0, expect.stringContaining(`${target.count.toLocaleString('en')} req`)]);
    expect(cluster.left).toEqual([]);
  } finally {
    await target.close();
  }
});

test('a second Ctrl-C ends the run at once, and --keep keeps its resources', async () => {
  await using cluster = await FakeCluster.start();
  const target = await startTarget();
  const scenario = join(
    folder({
      'long.ts': `
        import { scenario, startWith, user } from 'drumline';
        const long = async ({ http, sleep }) => { await http.get('/'); await sleep('1m'); };
        export default scenario({ users: [user('visitor', { tasks: { long } })], load: startWith(1).hold() });
      `,
    }),
    'long.ts',
  );
  try {
    const args = ['-H', target.url, '--workers', '1', '--no-html', '--keep', '--name', 'kept'];
    await using run = k8s(cluster, 'run', scenario, ...args);
    // What is not reported yet would not be counted.
    for (let reported = ''; !reported.includes(' 1 requests');) {
      await using status = k8s(cluster, 'status', 'kept');
      reported = (await status.ended).output;
    }
    run.signal('SIGINT');
    await run.prints(/Stopping: running tasks may finish/);
    run.signal('SIGINT');
    const { code, output } = await run.ended;
    expect(output).toMatch(/Stopping at once[^]*1 request/);
    expect([code, target.count]).toEqual([130, 1]);
    expect(cluster.left).toContain('job/drumline-kept-master');
    await using remove = k8s(cluster, 'delete', 'kept');
    expect(await remove.ended).toMatchObject({ code: 0 });
    expect(cluster.left).toEqual([]);
  } finally {
    await target.close();
  }
});

test('a third Ctrl-C leaves the run, and a master that is not replaced ends the command', async () => {
  await using cluster = await FakeCluster.start();
  const target = await startTarget();
  const args = [scenarioPath('steady'), '-H', target.url, '--workers', '1', '--no-html'];
  const started = async (name: string) => {
    const run = k8s(cluster, 'run', ...args, '--name', name);
    await run.prints(/state: running/);
    cluster.alive.find((pod) => pod.name.includes(`${name}-master`))!.process.signal('SIGKILL');
    return run;
  };
  try {
    cluster.replaceAfterMs = 60_000;
    await using left = await started('left');
    for (const printed of [/gets the order when it is back/, /Stopping at once/, /Left: .*k8s delete left/]) {
      left.signal('SIGINT');
      await left.prints(printed);
    }
    expect((await left.ended).code).toBe(130);
    expect(cluster.left).toContain('job/drumline-left-master');
    cluster.replaceAfterMs = undefined;
    await using failed = await started('failed');
    const { code, output } = await failed.ended;
    expect(code).toBe(7);
    expect(output).toMatch(/k8s results failed[^]*The master has ended: exit code 137/);
  } finally {
    await target.close();
  }
});
