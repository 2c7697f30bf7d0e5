// SIGTERM to processes that are then replaced, as when Kubernetes drains a node.
import { expect, test } from '@jest/globals';
import { EXIT_CODES } from '@drumline/model';
import { codesOf } from '../support/note-codes.js';
import { Trial } from '../support/trial.js';

const HANDED_OVER = EXIT_CODES['handed-over'].exitCode;

test('a master hands over its run and a worker its users, and every request is counted', async () => {
  await using trial = await Trial.start('SIGTERM to a master and a worker that are replaced', {
    masterArgs: ['-t', '5m', '--on-sigterm', 'hand-over'],
  });
  const { cluster } = trial;
  await trial.underWay();
  trial.master.signal('SIGTERM');
  const { code, output } = await trial.master.ended;
  expect([code, output]).toEqual([HANDED_OVER, expect.stringContaining('handed run')]);

  cluster.startMasterAgain();
  await trial.share('w1', 'w2');
  trial.worker(0).signal('SIGTERM');
  expect((await trial.worker(0).ended).code).toBe(HANDED_OVER);
  cluster.addWorker('w1');
  await trial.share('w1#2', 'w2');

  await cluster.order('stop');
  const result = await trial.survives({
    exit: 'stopped-early',
    losses: 'none',
    workers: { w1: [HANDED_OVER, 0] },
  });
  expect(codesOf(result)).toContain('master-resumed');
});
