// A worker that is unreachable for longer than its grace: it is fenced, then readmitted or lost.
import { expect, test } from '@jest/globals';
import { longTest, SOON } from '../support/conditions.js';
import { pause } from '../support/drumline.js';
import { startFar } from '../support/far.js';

test('beyond the grace a worker stops its load and its users run elsewhere; when it returns, its counts are merged and it runs users again', async () => {
  await using far = await startFar('network cut beyond the grace', {
    masterArgs: SOON,
    workerArgs: ['--orphan-grace', '2s'],
  });
  const { trial, network } = far;
  await trial.underWay();
  network.cut();
  await trial.cluster.until(({ workers, users }) => workers.missing === 1 && users === 10);
  await far.far.prints(/load was stopped/);
  network.mend();
  await trial.share('far', 'near');
  const { workers } = await trial.survives({ exit: 'passed', losses: 'none' });
  expect(workers.map(({ id }) => id)).toEqual(['far', 'near']);
});

longTest('the same holds after 40 s with a grace of 30 s (long)', async () => {
  await using far = await startFar('network cut for 40 s, beyond the default grace');
  const { trial, network } = far;
  await trial.underWay();
  network.cut();
  await pause(40_000);
  network.mend();
  await trial.share('far', 'near');
  await trial.survives({ exit: 'passed', losses: 'none' });
});

longTest(
  'if the cut never ends, the worker stops its load and exits with master-lost, and the report states what is missing (long)',
  async () => {
    await using far = await startFar('network cut and never mended', {
      masterArgs: ['-t', '12s'],
      workerArgs: ['--orphan-grace', '2s', '--reconnect-for', '10s'],
    });
    const { trial, network } = far;
    await trial.paced('far', 'near');
    network.cut();
    await trial.survives({ exit: 'worker-lost', workers: { far: 12 } });
  },
);
