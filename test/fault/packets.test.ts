// Packets that the kernel drops between a worker and its master: the worker runs in a network namespace of its own.
import { expect, test } from '@jest/globals';
import { pause } from '../support/drumline.js';
import { IS_LONG, SOON } from '../support/conditions.js';
import { canMakeNetworks, Namespace } from '../support/namespace.js';
import { startProxy, type NetworkProxy } from '../support/network.js';
import { Trial } from '../support/trial.js';

const networkTest = canMakeNetworks ? test : test.skip;
const longNetworkTest = canMakeNetworks && IS_LONG ? test : test.skip;

/** Two workers, of which `far` is in the namespace and reaches the master through a proxy on this side of its cable. */
async function startFar(
  namespace: Namespace,
  fault: string,
  masterArgs: readonly string[],
  workerArgs: readonly string[] = [],
): Promise<{ trial: Trial; proxy: NetworkProxy }> {
  const trial = await Trial.start(fault, {
    workers: [],
    targetHost: namespace.hostAddress,
    masterArgs: ['--expect-workers', '2', ...masterArgs],
  });
  const proxy = await startProxy(trial.cluster.port, namespace.hostAddress);
  trial.cluster.addWorker('far', workerArgs, proxy.address, { launcher: namespace.launcher });
  trial.cluster.addWorker('near');
  return { trial, proxy };
}

networkTest(
  'a delay of 100 ms with 5 % of all packets lost is kept up with (needs network namespaces)',
  async () => {
    await using namespace = Namespace.create();
    const { trial, proxy } = await startFar(namespace, '100 ms of delay and 5 % of all packets lost', []);
    await using _trial = trial;
    await using _proxy = proxy;
    await trial.underWay();
    proxy.delay(100);
    namespace.lose(5);
    const { workers } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(workers.every(({ requests }) => requests > 0)).toBe(true);
  },
);

longNetworkTest.each([2_000, 10_000])(
  'every packet between a worker and its master dropped for %i ms (long; needs network namespaces)',
  async (ms) => {
    await using namespace = Namespace.create();
    const { trial, proxy } = await startFar(namespace, `packets to the master dropped for ${ms / 1_000} s`, [
      '-t',
      `${ms / 1_000 + 8}s`,
    ]);
    await using _trial = trial;
    await using _proxy = proxy;
    await trial.underWay();
    namespace.cut(proxy.port);
    await pause(ms);
    namespace.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: ms > 3_000 ? 'worker-lost' : 'passed', losses: 'none' });
  },
);

longNetworkTest(
  'every packet dropped for longer than the grace (long; needs network namespaces)',
  async () => {
    await using namespace = Namespace.create();
    const { trial, proxy } = await startFar(
      namespace,
      'packets to the master dropped beyond the grace',
      [...SOON, '-t', '30s'],
      ['--orphan-grace', '4s'],
    );
    await using _trial = trial;
    await using _proxy = proxy;
    await trial.underWay();
    namespace.cut(proxy.port);
    await trial.worker(0).prints(/load was stopped/);
    namespace.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: 'worker-lost', losses: 'none' });
  },
);
