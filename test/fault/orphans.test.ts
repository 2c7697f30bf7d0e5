// Workers that lost their master: they are ordered to end, or find another run at its address.
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { longTest, SOON } from '../support/conditions.js';
import { scenarioPath } from '../support/drumline.js';
import { Trial } from '../support/trial.js';

const closing = closeAfterEach();

test('SIGTERM ends workers that lost their master gracefully, and they report undelivered results', async () => {
  await using trial = await Trial.start('SIGTERM of workers that lost their master', {
    masterArgs: SOON,
    // Wait as long as workers with undelivered results do.
    workerArgs: ['--orphan-grace', '3s', '--reconnect-for', '4s'],
  });
  const { workers } = trial.cluster;
  await trial.paced('w1', 'w2');
  const { runId } = await trial.cluster.status();
  await trial.cluster.killMaster();
  for (const worker of workers) await worker.prints(/is silent\. The load continues/);
  for (const worker of workers) worker.signal('SIGTERM');
  await trial.survivesMasterless(runId, { w1: 12, w2: 12 });
  for (const { output } of workers) {
    expect(output).toMatch(/running tasks may finish[\s\S]*[Tt]he load was stopped/);
    expect(output).not.toMatch(/^\s+at /m);
  }
});

longTest(
  'workers that find another run at their master’s address end the old run, report undelivered results and join the new run (long)',
  async () => {
    const elsewhere = await closing(startTarget());
    await using trial = await Trial.start('another run at the address of a master that was killed', {
      masterArgs: SOON,
    });
    const { cluster } = trial;
    await trial.paced('w1', 'w2');
    const { runId } = await cluster.status();
    await cluster.killMaster();
    for (const worker of cluster.workers) await worker.prints(/is silent\. The load continues/);
    const places = ['--bind', cluster.address, '--api', new URL(cluster.api).host];
    const plan = ['-H', elsewhere.url, '-u', '4', '--expect-workers', '2'];
    cluster.startMasterAgain(['master', scenarioPath('steady'), ...places, ...plan, ...SOON]);
    await trial.share('w1', 'w2');
    await cluster.order('stop');
    const { run, totals, exit, workers } = await cluster.result();
    expect(run.id).not.toBe(runId);
    expect([exit, totals.requests]).toEqual(['passed', elsewhere.count]);
    expect(workers.map(({ id }) => id)).toEqual(['w1', 'w2']);
    for (const worker of cluster.workers)
      await worker.prints(/no longer has this run\. Its users stop[\s\S]*Not delivered to a master/);
    await trial.survivesMasterless(runId);
  },
);
