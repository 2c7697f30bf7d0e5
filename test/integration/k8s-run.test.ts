// `drumline k8s run` and the commands beside it, with the built program as master and workers. The
// cluster is a small fake; the real one is in test/deploy.
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { FakeCluster } from '../support/fake-cluster.js';
import { tempProjects } from '../support/temp-project.js';

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
    // Another connection begins with the state. It is printed if it has changed.
    const states = [...output.matchAll(/^state: (.*)/gm)].map(([, state]) => state);
    expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
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
    // The master has ended, so the result comes from its volume.
    await using again = k8s(cluster, 'results', '--json', `${json}.again`, '--no-html');
    expect(await again.ended).toMatchObject({ code: 0, output: expect.stringContaining('✓ passed') });
    expect(JSON.parse(readFileSync(`${json}.again`, 'utf8'))).toEqual(JSON.parse(readFileSync(json, 'utf8')));
    expect(cluster.readers.size).toBe(0);
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
