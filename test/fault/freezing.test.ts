// Processes that stand still for a while and go on: workers, lanes, the master.
import { describe, expect, test } from '@jest/globals';
import { pause } from '../support/drumline.js';
import { childrenOf, familyOf, signalAll } from '../support/processes.js';
import { Trial } from '../support/trial.js';

async function freeze(pids: readonly number[], ms: number): Promise<void> {
  signalAll(pids, 'SIGSTOP');
  await pause(ms);
  signalAll(pids, 'SIGCONT');
}

describe('SIGSTOP, then SIGCONT', () => {
  test('of a worker', async () => {
    await using trial = await Trial.start('SIGSTOP of a worker for 2 s');
    await trial.underWay();
    await freeze(familyOf(trial.worker(0).pid), 2_000);
    const { notes } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(notes).toEqual([]);
  });
  test('of a lane', async () => {
    await using trial = await Trial.start('SIGSTOP of a lane for 2 s');
    await trial.underWay();
    await freeze(childrenOf(trial.worker(0).pid), 2_000);
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
  test('of the master', async () => {
    await using trial = await Trial.start('SIGSTOP of the master for 2 s');
    await trial.underWay();
    await freeze([trial.master.pid], 2_000);
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});
