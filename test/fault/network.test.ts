// A proxy between a worker and its master cuts or slows the connection.
import { describe, expect, test } from '@jest/globals';
import { longTest } from '../support/conditions.js';
import { eventually, pause } from '../support/drumline.js';
import { startFar } from '../support/far.js';
import { codesOf } from '../support/note-codes.js';

describe('a cut', () => {
  test('for 2 s without a reset makes no worker go missing and loses nothing', async () => {
    await using far = await startFar('network cut for 2 s');
    const { trial, network } = far;
    await trial.underWay();
    network.cut();
    await pause(2_000);
    network.mend();
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual([]);
  });

  longTest('for 2 s that resets connections (long)', async () => {
    await using far = await startFar('network cut for 2 s, connections reset');
    const { trial, network } = far;
    await trial.underWay();
    network.cut('hard');
    await pause(2_000);
    network.mend();
    await trial.survives({ exit: 'passed', losses: 'none' });
  });

  longTest.each(['silent', 'hard'] as const)('that is %s, for 10 s (long)', async (kind) => {
    await using far = await startFar(`network cut for 10 s, ${kind}`);
    const { trial, network } = far;
    await trial.underWay();
    network.cut(kind);
    await pause(10_000);
    network.mend();
    await trial.share('far', 'near');
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});

describe('a link', () => {
  longTest('with 16 KB a second and 100 ms delay each way keeps up', async () => {
    await using far = await startFar('a slow link: 16 KB/s, 100 ms each way');
    const { trial, network } = far;
    await eventually(() => (network.bytes > 0 ? true : undefined));
    network.delay(100);
    network.throttle(16_000);
    await trial.underWay();
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});
