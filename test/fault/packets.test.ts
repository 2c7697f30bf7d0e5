// Packets that the kernel drops between a worker and its master. The worker runs in its own network
// namespace.
import { expect, test } from '@jest/globals';
import { IS_LONG, SOON } from '../support/conditions.js';
import { pause } from '../support/drumline.js';
import { startFar } from '../support/far.js';
import { canMakeNetworks, Namespace } from '../support/namespace.js';

const networkTest = canMakeNetworks ? test : test.skip;
const longNetworkTest = IS_LONG ? networkTest : test.skip;

longNetworkTest(
  'a worker keeps up with a delay of 100 ms and 5 % packet loss (long; needs network namespaces)',
  async () => {
    await using namespace = Namespace.create();
    await using far = await startFar('100 ms of delay and 5 % of all packets lost', {
      namespace,
    });
    const { trial, network } = far;
    await trial.underWay();
    network.delay(100);
    namespace.lose(5);
    await pause(5_000);
    const { workers } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(workers.every(({ requests }) => requests > 0)).toBe(true);
  },
);

networkTest(
  'dropping every packet between a worker and its master for 2 s has no effect (needs network namespaces)',
  async () => {
    await using namespace = Namespace.create();
    await using far = await startFar('packets to the master dropped for 2 s', { namespace });
    const { trial, network } = far;
    await trial.underWay();
    namespace.cut(network.port);
    await pause(2_000);
    namespace.mend();
    await trial.survives({ exit: 'passed', losses: 'none' });
  },
);

longNetworkTest(
  'dropping every packet for 10 s, within the grace, loses no counts (long; needs network namespaces)',
  async () => {
    await using namespace = Namespace.create();
    await using far = await startFar('packets to the master dropped for 10 s', {
      namespace,
    });
    const { trial, network } = far;
    await trial.underWay();
    namespace.cut(network.port);
    await pause(10_000);
    namespace.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: 'passed', losses: 'none' });
  },
);

longNetworkTest(
  'dropping every packet for longer than the grace loses no counts (long; needs network namespaces)',
  async () => {
    await using namespace = Namespace.create();
    await using far = await startFar('packets to the master dropped beyond the grace', {
      namespace,
      masterArgs: SOON,
      workerArgs: ['--orphan-grace', '4s'],
    });
    const { trial, network } = far;
    await trial.underWay();
    namespace.cut(network.port);
    await far.far.prints(/load was stopped/);
    namespace.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: 'passed', losses: 'none' });
  },
);
