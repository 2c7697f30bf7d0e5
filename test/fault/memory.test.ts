// Lanes that run out of memory in every way that ends a process.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { canLimitMemory, Cgroup } from '../support/cgroup.js';
import { IS_LONG, longTest } from '../support/conditions.js';
import { Trial } from '../support/trial.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drumline-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Resolves when this many lanes have crashed and all users are running again. */
async function crashed(trial: Trial, times: number): Promise<void> {
  await trial.cluster.until(
    ({ notes, users }) =>
      users === 10 && notes.filter(({ code }) => code === 'lane-crashed').length === times,
    120_000,
  );
}

longTest(
  'lanes that are filled with arrays, strings, maps, closures and JSON are distinguished from crashes and restarted (long)',
  async () => {
    const hungers = ['arrays', 'strings', 'maps', 'closures', 'json'];
    await using trial = await Trial.start(`lane heaps exhausted by ${hungers.join(', ')}`, {
      scenario: 'hungry',
      workerArgs: ['--lanes', String(hungers.length), '--lane-heap', '48'],
      workers: ['w1'],
      env: { HUNGERS: hungers.join(','), HUNGER_DIR: folder },
    });
    await crashed(trial, hungers.length);
    const { notes } = await trial.survives({ exit: 'worker-lost' });
    const crashes = notes.filter(({ code }) => code === 'lane-crashed').map(({ message }) => message);
    expect(crashes.length).toBe(hungers.length);
    for (const message of crashes) expect(message).toMatch(/ran out of memory \(heap limit near \d+ MB\)/);
  },
);

(canLimitMemory && IS_LONG ? test : test.skip)(
  'a lane that is filled with buffers, which the heap limit does not cover, is killed by the system, and the run continues (long; needs cgroups)',
  async () => {
    await using cgroup = Cgroup.create({ memoryBytes: 600e6 });
    await using trial = await Trial.start('lane memory exhausted by buffers, in a container of 600 MB', {
      scenario: 'hungry',
      launch: { launcher: cgroup.launcher },
      env: { HUNGERS: 'buffers', HUNGER_DIR: folder },
    });
    await crashed(trial, 1);
    const { notes } = await trial.survives({ exit: 'worker-lost' });
    expect(notes.find(({ code }) => code === 'lane-crashed')!.message).toMatch(/killed \(SIGKILL\)/);
  },
);
