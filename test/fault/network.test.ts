// A network between a worker and its master that is cut, slow or far, by a proxy in between.
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually, pause } from '../support/drumline.js';
import { longTest, SOON } from '../support/conditions.js';
import { startProxy, type NetworkProxy } from '../support/network.js';
import { Trial } from '../support/trial.js';

const networks: NetworkProxy[] = [];
afterEach(async () => {
  for (const network of networks.splice(0)) await network.close();
});

/** Two workers, of which `far` reaches the master only through the network. */
async function startFar(
  fault: string,
  masterArgs: readonly string[],
  workerArgs: readonly string[] = [],
): Promise<{ trial: Trial; network: NetworkProxy }> {
  const trial = await Trial.start(fault, {
    workers: [],
    masterArgs: ['--expect-workers', '2', ...masterArgs],
  });
  const network = await startProxy(trial.cluster.port);
  networks.push(network);
  trial.cluster.addWorker('far', workerArgs, network.address);
  trial.cluster.addWorker('near');
  return { trial, network };
}

describe('a cut', () => {
  test('for 2 s, of which nobody is told, is outlived: nobody is missed, nothing is lost', async () => {
    const { trial, network } = await startFar('network cut for 2 s', ['-t', '5s']);
    await using _ = trial;
    await trial.underWay();
    network.cut();
    await pause(2_000);
    network.mend();
    const { notes } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(notes).toEqual([]);
  });

  test('beyond the grace ends the worker’s load, its users run elsewhere, and on its return it is counted and works again', async () => {
    const { trial, network } = await startFar(
      'network cut beyond the grace',
      [...SOON, '-t', '14s'],
      ['--orphan-grace', '2s'],
    );
    await using _ = trial;
    await trial.underWay();
    network.cut();
    await trial.cluster.until(({ workers, users }) => workers.missing === 1 && users === 10);
    await trial.worker(0).prints(/load was stopped/);
    network.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: 'worker-lost', losses: 'none' });
  });

  longTest('by which connections are reset, for 2 s (long)', async () => {
    const { trial, network } = await startFar('network cut for 2 s, connections reset', ['-t', '8s']);
    await using _ = trial;
    await trial.underWay();
    network.cut('hard');
    await pause(2_000);
    network.mend();
    await trial.survives({ exit: 'passed', losses: 'none' });
  });

  longTest.each(['silent', 'hard'] as const)('that is %s, for 10 s (long)', async (kind) => {
    const { trial, network } = await startFar(`network cut for 10 s, ${kind}`, ['-t', '30s']);
    await using _ = trial;
    await trial.underWay();
    network.cut(kind);
    await pause(10_000);
    network.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: 'worker-lost', losses: 'none' });
  });

  longTest(
    'for 40 s, beyond the grace of 30 s (long)',
    async () => {
      const { trial, network } = await startFar('network cut for 40 s, beyond the default grace', [
        '-t',
        '60s',
      ]);
      await using _ = trial;
      await trial.underWay();
      network.cut();
      await pause(40_000);
      network.mend();
      await trial.share('far', 'near');
      await trial.survives({ exit: 'worker-lost', losses: 'none' });
    },
    120_000,
  );

  longTest(
    'that is never mended: the worker stops its load and gives up, and the report says what it lacks (long)',
    async () => {
      const { trial, network } = await startFar(
        'network cut and never mended',
        ['-t', '12s'],
        ['--orphan-grace', '2s', '--reconnect-for', '12s'],
      );
      await using _ = trial;
      await trial.underWay();
      network.cut();
      await trial.survives({ exit: 'worker-lost', workers: { far: 12 } });
    },
  );
});

describe('a link', () => {
  test('that is slow and far, with 16 KB a second and 100 ms each way, keeps up', async () => {
    const { trial, network } = await startFar('a slow link: 16 KB/s, 100 ms each way', ['-t', '6s']);
    await using _ = trial;
    await eventually(() => (network.bytes > 0 ? true : undefined));
    network.delay(100);
    network.throttle(16_000);
    await trial.underWay();
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});
