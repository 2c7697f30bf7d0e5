// Output locations that disappear or fill up during the run.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { longTest } from '../support/conditions.js';
import { SmallDisk } from '../support/small-disk.js';
import { Trial } from '../support/trial.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drumline-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('an output directory that is removed during the run is created again', async () => {
  await using trial = await Trial.start('the output file’s directory removed during the run', {
    workers: ['w1'],
    masterArgs: ['--csv', join(folder, 'run')],
  });
  await trial.underWay();
  await rm(folder, { recursive: true });
  await trial.survives({ exit: 'passed', losses: 'none' });
  expect(existsSync(join(folder, 'run_stats.csv'))).toBe(true);
});

longTest('a directory that cannot be created again loses only that file and is reported (long)', async () => {
  await using trial = await Trial.start('the output file’s directory replaced by a file during the run', {
    workers: ['w1'],
    masterArgs: ['--csv', join(folder, 'run')],
  });
  await trial.underWay();
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
  await trial.survives({ exit: 'passed', code: 'output-unwritable', losses: 'none' });
  expect(trial.master.output).toContain(folder);
  expect(trial.master.output).not.toMatch(/^\s+at /m);
});

(SmallDisk.isPossible ? test : test.skip)(
  'a full disk of the run store ends storage but not the run, and the report states it (needs mounts)',
  async () => {
    using disk = SmallDisk.mount(4);
    await using trial = await Trial.start('the disk of the run store full during the run', {
      workers: ['w1'],
      masterArgs: ['--data-dir', disk.path],
    });
    await trial.underWay();
    disk.fill();
    await trial.cluster.until(({ notes }) => notes.some(({ code }) => code === 'store-failed'));
    const { notes } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(notes.find(({ code }) => code === 'store-failed')!.message).toMatch(/full/);
  },
);
