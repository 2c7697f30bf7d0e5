// Processes that are frozen for a while and continue: workers, lanes, the master.
import { describe, expect, test } from '@jest/globals';
import { pause } from '../support/drumline.js';
import { longTest, SOON } from '../support/conditions.js';
import { codesOf } from '../support/note-codes.js';
import { childrenOf, familyOf, signalAll } from '../support/processes.js';
import { Trial } from '../support/trial.js';

async function freeze(pids: readonly number[], ms: number): Promise<void> {
  signalAll(pids, 'SIGSTOP');
  await pause(ms);
  signalAll(pids, 'SIGCONT');
}

describe('a worker that is frozen with its lanes', () => {
  test('for less than the liveness limit is not reported missing', async () => {
    await using trial = await Trial.start('SIGSTOP of a worker for 1.5 s, less than the liveness limit', {
      workers: ['w1'],
    });
    await trial.underWay();
    await freeze(familyOf(trial.worker(0).pid), 1_500);
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).not.toContain('worker-lost');
  });

  test('for longer is reported missing; when it returns, its counts are merged and it runs users again', async () => {
    await using trial = await Trial.start('a worker frozen longer than the liveness limit', {
      masterArgs: SOON,
    });
    await trial.share('w1', 'w2');
    const family = familyOf(trial.worker(0).pid);
    signalAll(family, 'SIGSTOP');
    await trial.cluster.until(({ workers, users }) => workers.missing === 1 && users === 10);
    signalAll(family, 'SIGCONT');
    await trial.share('w1', 'w2');
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual(expect.arrayContaining(['worker-lost', 'worker-returned']));
    expect(result.workers.every(({ requests }) => requests > 0)).toBe(true);
  });

  longTest('for 10 s (long)', async () => {
    await using trial = await Trial.start('SIGSTOP of a worker for 10 s');
    await trial.underWay();
    await freeze(familyOf(trial.worker(0).pid), 10_000);
    await trial.share('w1', 'w2');
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});

describe('the control process of a worker that is frozen while its lanes continue', () => {
  longTest('for 10 s (long)', async () => {
    await using trial = await Trial.start('SIGSTOP of a worker’s control process alone for 10 s');
    await trial.underWay();
    await freeze([trial.worker(0).pid], 10_000);
    await trial.share('w1', 'w2');
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});

describe('a lane that is frozen', () => {
  longTest('for 10 s is reported, and its users run elsewhere (long)', async () => {
    await using trial = await Trial.start('SIGSTOP of a lane for 10 s');
    await trial.underWay();
    const frozen = freeze(childrenOf(trial.worker(0).pid), 10_000);
    await trial.cluster.until(async () => {
      const views = await trial.cluster.workerViews();
      return views.find(({ id }) => id === 'w2')!.lanes[0]!.users === 10;
    });
    await frozen;
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual([]);
    expect(result.notes.map(({ message }) => message).join('\n')).toMatch(
      /w1\/0 was blocked for 1\d(\.\d)?s: its process/,
    );
  });
});

describe('a master that is frozen', () => {
  test('for less than the workers’ timeout loses no worker and receives all counts of that time', async () => {
    await using trial = await Trial.start('SIGSTOP of the master for 2 s', { workers: ['w1'] });
    await trial.underWay();
    await freeze([trial.master.pid], 2_000);
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual([]);
  });

  longTest('for 10 s: its workers continue, and none is reported missing (long)', async () => {
    await using trial = await Trial.start('SIGSTOP of the master for 10 s');
    await trial.underWay();
    const seen = trial.target.count;
    await freeze([trial.master.pid], 10_000);
    expect(trial.target.count).toBeGreaterThan(seen);
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual([]);
    expect(trial.worker(0).output).toMatch(/is silent\. The load continues/);
  });

  longTest('repeatedly, for three quarters of the time, loses no worker (long)', async () => {
    await using trial = await Trial.start('SIGSTOP of the master for 600 of every 800 ms, 20 s long');
    await trial.underWay();
    for (let burst = 0; burst < 25; burst += 1) {
      await freeze([trial.master.pid], 600);
      await pause(200);
    }
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).not.toContain('worker-lost');
  });
});
