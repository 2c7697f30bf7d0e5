// Interruptions of `drumline k8s run`: a master that is away, and Ctrl-C. The cluster is a small
// fake; the real one is in test/deploy.
import { expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { FakeCluster } from '../support/fake-cluster.js';
import { tempProjects } from '../support/temp-project.js';

jest.setTimeout(180_000);
const folder = tempProjects();

function k8s(cluster: FakeCluster, ...args: readonly string[]): Drumline {
  return new Drumline(['k8s', ...args], cluster.env);
}

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
