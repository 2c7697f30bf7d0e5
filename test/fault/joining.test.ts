// Workers that join in unusual ways: early, repeatedly, twice, in large numbers, with another
// version.
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../support/drumline.js';
import { familyOf, isAlive } from '../support/processes.js';
import { longTest, SOON } from '../support/conditions.js';
import { Trial } from '../support/trial.js';
import { dialAsWorker } from '../support/wire-worker.js';

describe('a worker restarted in place', () => {
  test('while its dead predecessor still counts as alive is admitted once the predecessor is missing', async () => {
    await using trial = await Trial.start('kill -9 of a worker, restarted at once under its name', {
      masterArgs: SOON,
    });
    await trial.paced('w1', 'w2');
    const lanes = familyOf(trial.worker(0).pid);
    trial.worker(0).signal('SIGKILL');
    await eventually(() => (lanes.some(isAlive) ? undefined : true));
    trial.cluster.addWorker('w1');
    await trial.share('w1#2', 'w2');
    const { workers } = await trial.survives({ exit: 'worker-lost', workers: { w1: ['SIGKILL', 0] } });
    expect(workers.map(({ id }) => id)).toEqual(['w1', 'w1#2', 'w2']);
    expect(workers.every(({ requests }) => requests > 0)).toBe(true);
  });

  longTest('after its predecessor is missing is admitted at once (long)', async () => {
    await using trial = await Trial.start('kill -9 of a worker, restarted when it was missing');
    await trial.paced('w1', 'w2');
    trial.worker(0).signal('SIGKILL');
    await trial.cluster.until(({ workers }) => workers.missing === 1);
    trial.cluster.addWorker('w1');
    await trial.share('w1#2', 'w2');
    await trial.survives({ exit: 'worker-lost', workers: { w1: ['SIGKILL', 0] } });
  });

  longTest('after SIGTERM is admitted at once, and nothing is lost (long)', async () => {
    await using trial = await Trial.start('a worker that left, restarted under its name');
    await trial.underWay();
    trial.worker(0).signal('SIGTERM');
    await trial.worker(0).ended;
    trial.cluster.addWorker('w1');
    await trial.share('w1#2', 'w2');
    await trial.survives({ exit: 'passed', workers: { w1: [143, 0] }, losses: 'none' });
  });
});

describe('a running test', () => {
  test('is not disturbed by a worker of another version or with a name in use', async () => {
    await using trial = await Trial.start('a worker of another version, and the same name twice', {
      workers: ['w1'],
    });
    await trial.underWay();
    const old = dialAsWorker(trial.cluster.address, 'old', 1);
    expect(await old.answer).toMatchObject({ type: 'refused', reason: 'protocol' });
    await old.leave();
    const namesake = trial.cluster.addWorker('w1');
    expect(await namesake.ended).toMatchObject({
      code: 8,
      output: expect.stringMatching(/'w1' is already connected[\s\S]*--name/),
    });
    const { workers } = await trial.survives({
      exit: 'passed',
      losses: 'none',
      workers: { w1: [0, 8] },
    });
    expect(workers.map(({ id }) => id)).toEqual(['w1']);
  });

  test('admits fifty simulated workers that join within a second, and its counts stay exact', async () => {
    await using trial = await Trial.start('50 workers joining in one second (on the wire), then leaving', {
      workers: ['w1'],
    });
    await trial.underWay();
    const crowd = Array.from({ length: 50 }, (_, n) => dialAsWorker(trial.cluster.address, `c${n}`));
    for (const { answer } of crowd) expect(await answer).toMatchObject({ type: 'welcome' });
    for (const worker of crowd) await worker.leave();
    const { workers } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(workers.length).toBe(51);
  });

  test('loses nothing to peers that send a hello and disappear, even if a lost worker ends the run', async () => {
    await using trial = await Trial.start('5 workers that say hello and vanish (on the wire)', {
      workers: ['w1'],
      masterArgs: ['--on-worker-lost', 'fail'],
    });
    await trial.underWay();
    const crowd = Array.from({ length: 5 }, (_, n) => dialAsWorker(trial.cluster.address, `c${n}`));
    for (const { answer } of crowd) expect(await answer).toMatchObject({ type: 'welcome' });
    for (const worker of crowd) worker.vanish();
    await trial.cluster.until(({ workers }) => workers.missing === 5);
    const { losses, notes } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(losses).toEqual([]);
    expect(notes.map(({ code }) => code)).not.toContain('worker-lost');
  });

  longTest(
    'admits fifty real workers that start at once, assigns users to each, and its counts stay exact (long)',
    async () => {
      await using trial = await Trial.start('50 workers started at once', {
        workers: ['w1'],
        // Starting this many processes takes minutes on a small machine. No worker must go missing
        // meanwhile.
        masterArgs: ['-u', '102', '--missing-after', '60s'],
      });
      const names = Array.from({ length: 50 }, (_, n) => `crowd-${n}`);
      for (const name of names) trial.cluster.addWorker(name);
      await trial.cluster.until(async () => {
        const views = await trial.cluster.workerViews();
        return views.filter(({ users, requests }) => users > 0 && requests > 0).length === 51;
      }, 600_000);
      const { workers } = await trial.survives({ exit: 'passed', losses: 'none' });
      expect(workers.every(({ requests }) => requests > 0)).toBe(true);
    },
    900_000,
  );
});

describe('a master that is started after its workers', () => {
  test('admits them all and loses nothing', async () => {
    await using trial = await Trial.start('a master started after its workers', {
      workersFirstMs: 2_000,
    });
    await trial.underWay();
    await trial.survives({ exit: 'passed', losses: 'none' });
  });
});
