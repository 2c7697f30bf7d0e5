// A master that is killed with SIGKILL and restarted resumes its run.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { longTest } from '../support/conditions.js';
import { eventually, pause } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';
import { familyOf, signalAll } from '../support/processes.js';
import { tempProjects } from '../support/temp-project.js';
import { Trial } from '../support/trial.js';

const folder = tempProjects();

/** Options that detect missing workers quickly, to keep the tests short. */
const watchful = ['--heartbeat', '500ms', '--missing-after', '2s'];

const WITH_HOOKS = `
import { constant, scenario, setup, startWith, user } from 'drumline';

const site = setup(async () => 'what setup gave');

export default scenario({
  setup: site,
  teardown: async () => console.log('torn down', site.result),
  onMaster: { runStop: () => console.log('the run has stopped') },
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
  ],
  load: startWith(10).hold('5s'),
});
`;

/** Running users by second, from the first user until the users begin to end. */
function usersOf({ timeline }: RunResult): number[] {
  return timeline.slice(1, -2).map(({ users }) => users);
}

describe('a master that is killed and restarted by its supervisor', () => {
  test('resumes the run: every request and status is counted, and no user is restarted', async () => {
    await using trial = await Trial.start('master killed, restarted at once', {
      scenario: 'statuses',
      masterArgs: ['-t', '5m'],
    });
    await trial.underWay();
    await trial.cluster.killMaster();
    trial.cluster.startMasterAgain();
    await trial.share('w1', 'w2');
    // Complete seconds, whose users can be checked.
    await trial.cluster.until(({ elapsedMs }) => elapsedMs > 5_000);
    await trial.cluster.order('stop');
    const result = await trial.survives({ exit: 'stopped-early', losses: 'none' });
    expect(codesOf(result)).toEqual(['master-resumed', 'stopped-early']);
    expect(result.totals.statuses).toEqual(trial.target.byStatus);
    expect(new Set(usersOf(result))).toEqual(new Set([10]));
    expect(result.timeline.slice(1, -2).every(({ requests }) => requests > 0)).toBe(true);
    expect(result.connections?.map(({ opened }) => opened)).toEqual([10]);
    expect(trial.master.output).toContain(`Resuming run ${result.run.id}`);
    const over = await trial.cluster.startMasterAgain(['master', '--resume', result.run.id]).ended;
    expect([over.code, over.output]).toEqual([11, expect.stringContaining('is over: it is finished')]);
    const none = await trial.cluster.startMasterAgain(['master', '--resume']).ended;
    expect([none.code, none.output]).toEqual([2, expect.stringContaining('There is no run to resume')]);
  });

  longTest('resumes twice in a row during a ramp, which continues meanwhile', async () => {
    await using trial = await Trial.start('master killed twice during a ramp', {
      // A process without CPU time for a while must not count as lost.
      masterArgs: ['-u', '20', '-r', '3', '-t', '5m', '--missing-after', '20s'],
    });
    await trial.cluster.until(({ users }) => users > 2);
    for (let time = 0; time < 2; time += 1) {
      await trial.cluster.killMaster();
      trial.cluster.startMasterAgain();
      await trial.share('w1', 'w2');
    }
    await trial.cluster.until(({ users }) => users === 20);
    await trial.cluster.order('stop');
    const result = await trial.survives({ exit: 'stopped-early', losses: 'none' });
    expect(codesOf(result)).toEqual(['master-resumed', 'master-resumed', 'stopped-early']);
    expect(result.connections?.map(({ opened }) => opened)).toEqual([20]);
    const users = usersOf(result);
    expect(users).toEqual(users.toSorted((a, b) => a - b));
  });

  longTest('starts a new run if the old one had not started (long)', async () => {
    await using trial = await Trial.start('master killed before the start', {
      masterArgs: ['--no-autostart', '-t', '2s'],
    });
    const { runId } = await trial.cluster.until(({ state }) => state === 'ready');
    await trial.cluster.killMaster();
    trial.cluster.startMasterAgain();
    await trial.cluster.until(({ state }) => state === 'ready');
    await trial.cluster.order('start');
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(result.run.id).not.toBe(runId);
  });
});

describe('a master that is restarted with --resume', () => {
  test('needs no scenario, regains its waiting workers, and ends a run whose plan is over', async () => {
    const directory = folder({ 'gone.ts': WITH_HOOKS });
    await using trial = await Trial.start('master killed, back after the end of the plan', {
      scenario: join(directory, 'gone.ts'),
      masterArgs: [...watchful, '-t', '4s'],
    });
    await trial.underWay();
    await trial.cluster.killMaster();
    await rm(directory, { recursive: true });
    for (const worker of trial.cluster.workers) await worker.prints(/is silent/);
    await pause(2_500);
    trial.cluster.startMasterAgain(['master', '--resume', ...watchful]);
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual(['master-resumed']);
    // Rates cover the load, not the time until the workers returned.
    const loaded = result.timeline.findLastIndex(({ requests }) => requests > 0) + 1;
    expect(result.timeline).toHaveLength(Math.max(4, loaded));
    expect(result.run.durationMs).toBe(1_000 * result.timeline.length);
    expect(trial.master.output).toContain('the run has stopped');
    expect(trial.cluster.workers.map(({ output }) => output).join('')).toContain('torn down what setup gave');
  });

  test('continues to stop a run that was stopping', async () => {
    await using trial = await Trial.start('master killed while draining', {
      scenario: 'very-slow',
      workers: ['w1'],
      masterArgs: ['-t', '5m', '--stop-timeout', '3s'],
    });
    await trial.underWay(8);
    trial.master.signal('SIGINT');
    await trial.cluster.until(({ state }) => state === 'draining');
    // The API answers before the order is on disk.
    await pause(500);
    await trial.cluster.killMaster();
    trial.cluster.startMasterAgain(['master', '--resume']);
    const result = await trial.survives({ exit: 'interrupted', losses: 'none' });
    expect(codesOf(result)).toEqual([
      'stopped-early',
      'master-resumed',
      'interrupted-requests',
      'nothing-measured',
    ]);
  });

  test('moves the users of a worker that does not return, and can be stopped meanwhile', async () => {
    await using trial = await Trial.start('master and a worker killed', {
      masterArgs: [...watchful, '-t', '5m'],
    });
    await trial.paced('w1', 'w2');
    await trial.cluster.killMaster();
    signalAll(familyOf(trial.worker(1).pid), 'SIGKILL');
    trial.cluster.startMasterAgain(['master', '--resume', ...watchful]);
    await trial.cluster.until(({ workers }) => workers.connected === 1);
    await eventually(async () => {
      const { users } = await trial.cluster.status();
      return users === 10 ? true : undefined;
    });
    trial.master.signal('SIGINT');
    const result = await trial.survives({ exit: 'interrupted', workers: { w2: 'SIGKILL' } });
    expect(codesOf(result)).toEqual(['master-resumed', 'worker-lost', 'stopped-early']);
    // The store has the rate of a worker that never sent anything to this master.
    expect(result.losses).toEqual([
      expect.objectContaining({ worker: 'w2', returned: false, uncountedAtMost: expect.any(Number) }),
    ]);
  });
});

describe('a master that is killed repeatedly at any time', () => {
  longTest(
    'even while it resumes the run, has every request in the report',
    async () => {
      await using trial = await Trial.start('master killed twenty times', { masterArgs: ['-t', '10m'] });
      await trial.underWay();
      const pausesMs: number[] = [];
      for (let time = 0; time < 20; time += 1) {
        await trial.cluster.killMaster();
        trial.cluster.startMasterAgain();
        pausesMs.push(Math.round(Math.random() * 5_000));
        await pause(pausesMs.at(-1)!);
      }
      await trial.share('w1', 'w2').catch((error: unknown) => {
        throw new Error(`after ${pausesMs.join(', ')} ms:\n${trial.master.output}`, { cause: error });
      });
      await trial.cluster.order('stop');
      const { totals, timeline } = await trial.survives({ exit: 'stopped-early', losses: 'none' });
      expect(timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
    },
    300_000,
  );
});
