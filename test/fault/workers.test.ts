// Workers that are killed, and a master that is killed.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster, eventually } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';
import { Trial } from '../support/trial.js';
import { childrenOf, familyOf, isAlive, signalAll } from '../support/processes.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

describe('a worker that is killed', () => {
  test('ends with its lanes and is detected; its users run elsewhere, and only unreported requests are missing', async () => {
    await using trial = await Trial.start('kill -9 of a worker', {
      workers: ['w1', 'w2', 'w3'],
    });
    const { cluster, target } = trial;
    await trial.paced('w1', 'w2', 'w3');
    const lanes = childrenOf(trial.worker(1).pid);
    expect(lanes.length).toBe(1);
    trial.worker(1).signal('SIGKILL');
    await eventually(() => (lanes.some(isAlive) ? undefined : true));
    await cluster.until(({ workers }) => workers.missing === 1);
    await cluster.until(({ users }) => users === 10);
    const result = await trial.survives({ exit: 'worker-lost', workers: { w2: 'SIGKILL' } });
    expect(result.notes.find(({ code }) => code === 'worker-lost')!.message).toContain('w2');
    // The worker had a third of the load. What it sent since its last report is missing.
    expect(target.count - result.totals.requests).toBeLessThan(target.count / 4);
  });
});

describe('a policy for lost workers', () => {
  async function killSecond(trial: Trial): Promise<void> {
    await trial.paced('w1', 'w2');
    signalAll(familyOf(trial.worker(1).pid), 'SIGKILL');
  }

  test('continue does not move its users, and the run continues to the end of its plan', async () => {
    await using trial = await Trial.start('kill -9 of a worker, --on-worker-lost continue', {
      masterArgs: ['--on-worker-lost', 'continue', '-t', '10s'],
    });
    await killSecond(trial);
    const result = await trial.survives({ exit: 'worker-lost', workers: { w2: 'SIGKILL' } });
    const { run, losses, notes, timeline } = result;
    expect(codesOf(result)).toEqual(['worker-lost']);
    expect(notes.map(({ message }) => message).join('\n')).toContain('its users waited for it');
    expect(losses).toEqual([
      expect.objectContaining({ worker: 'w2', returned: false, uncountedAtMost: expect.any(Number) }),
    ]);
    expect(run.durationMs).toBeGreaterThanOrEqual(10_000);
    const after = timeline.filter(({ at }) => at > losses![0]!.at).map(({ users }) => users);
    expect(Math.max(0, ...after)).toBeLessThanOrEqual(5);
  });

  test('fail ends the run', async () => {
    await using trial = await Trial.start('kill -9 of a worker, --on-worker-lost fail', {
      masterArgs: ['--on-worker-lost', 'fail', '-t', '5m'],
    });
    await killSecond(trial);
    const result = await trial.survives({ exit: 'worker-lost', workers: { w2: 'SIGKILL' } });
    expect(codesOf(result)).toEqual(['worker-lost', 'stopped-early']);
    expect(result.losses).toEqual([
      expect.objectContaining({ worker: 'w2', returned: false, uncountedAtMost: expect.any(Number) }),
    ]);
  });
});

describe('a master that is killed', () => {
  test('leaves no load running: a worker stops its lanes after its grace and exits with master-lost', async () => {
    await using cluster = await Cluster.start('steady', ['-H', target.url]);
    const worker = cluster.addWorker('w1', ['--lanes', '2', '--orphan-grace', '5s', '--reconnect-for', '6s']);
    await cluster.until(({ users }) => users === 10);
    const lanes = childrenOf(worker.pid);
    expect(lanes.length).toBe(2);
    cluster.master.signal('SIGKILL');
    const { code, output } = await worker.ended;
    expect(code).toBe(12);
    expect(output).toMatch(
      /silent\. The load continues for 5s[\s\S]*[Tt]he load was stopped[\s\S]*requests that ended between/,
    );
    expect(lanes.filter(isAlive)).toEqual([]);
    const seen = target.count;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(target.count).toBe(seen);
  });
});

describe('lanes that are too busy', () => {
  test('are reported, because their response times are unreliable', async () => {
    await using cluster = await Cluster.start('busy', ['-H', target.url]);
    cluster.addWorker('w1');
    const result = await cluster.result();
    expect(result.untrustedNote).toMatch(/^Worker w1 was the bottleneck in \d+ seconds: .*lane 0/);
    expect(result.totals.requests).toBe(target.count);
  });
});
