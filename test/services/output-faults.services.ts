// Outputs that fail, block or die. The run and its counts are not affected.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { OutputView, RunResult } from '@drumline/wire';
import { SmallDisk } from '../support/small-disk.js';
import { tempProjects } from '../support/temp-project.js';
import { Trial } from '../support/trial.js';

const folder = tempProjects();

/** A directory of packages with an output that does this in its second second. */
function packageWith(name: string, inSecondSecond: string): NodeJS.ProcessEnv {
  const modules = folder({});
  const directory = join(modules, '@drumline', `output-${name}`);
  mkdirSync(directory, { recursive: true });
  const manifest = { name: `@drumline/output-${name}`, type: 'module', exports: './index.js' };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(directory, 'index.js'),
    `export default {
      name: '${name}', help: { text: '', example: '' },
      create: () => ({
        open: async () => {}, send: async () => {}, close: async () => {}, correction: () => undefined,
        interval: ({ second }) => { if (second === 1) { ${inSecondSecond} } return second; },
      }),
    };`,
  );
  return { NODE_PATH: modules };
}

const outputOf = ({ outputs = [] }: RunResult, name: string): OutputView | undefined =>
  outputs.find((output) => output.name === name);

(SmallDisk.isPossible ? test : test.skip)(
  'a full disk costs an output seconds, which are counted, and not the run (needs mounts)',
  async () => {
    using disk = SmallDisk.mount(1);
    const path = join(disk.path, 'seconds.ndjson');
    await using trial = await Trial.start('the disk of an output full during the run', {
      workers: ['w1'],
      masterArgs: ['--out', `ndjson=${path}`],
    });
    await trial.underWay();
    disk.fill();
    await trial.cluster.until(({ outputs = [] }) => outputs.some(({ state }) => state === 'failing'));
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    const output = outputOf(result, 'ndjson')!;
    expect(output).toMatchObject({ to: path, state: 'closed', lastError: expect.stringContaining('ENOSPC') });
    expect(output.droppedSeconds).toBeGreaterThan(0);
    const note = result.notes.find(({ code }) => code === 'output-dropped')!;
    expect(note.message).toContain(`lost ${output.droppedSeconds} second`);
    expect(trial.master.output).toContain('fails and is tried again: ENOSPC');
  },
);

test('an output that blocks its thread delays neither heartbeats nor commits', async () => {
  await using trial = await Trial.start('an output that never returns', {
    workers: ['w1', 'w2'],
    masterArgs: ['--out', 'busy'],
    env: packageWith('busy', 'for (;;) {}'),
  });
  await trial.underWay();
  await trial.cluster.until(({ outputs = [] }) => outputs.some(({ state }) => state === 'failing'));
  const result = await trial.survives({ exit: 'passed', losses: 'none' });
  const output = outputOf(result, 'busy')!;
  expect(output.lastError).toMatch(/it was blocked, and was ended after 14s/);
  // The first second was taken. The others were not.
  expect(output.droppedSeconds).toBe(result.timeline.length - 1);
  for (const { longestHeartbeatGapMs } of result.workers) expect(longestHeartbeatGapMs).toBeLessThan(5_000);
});

test('a thread that dies is started again, and what it had not taken is counted', async () => {
  await using trial = await Trial.start('an output that ends its thread', {
    workers: ['w1'],
    masterArgs: ['--out', 'deadly'],
    env: packageWith('deadly', 'process.exit(3);'),
  });
  await trial.master.prints(/The outputs are started again/);
  await trial.cluster.until(({ outputs = [] }) => outputs.some(({ state }) => state === 'running'));
  const result = await trial.survives({ exit: 'passed', losses: 'none' });
  const output = outputOf(result, 'deadly')!;
  expect(output.droppedSeconds).toBeGreaterThan(0);
  expect(output.sentBatches + output.droppedSeconds).toBe(result.timeline.length);
});

test('a master that resumes a run writes each second of its outputs once', async () => {
  const path = join(folder({}), 'seconds.ndjson');
  await using trial = await Trial.start('the master killed, with an output', {
    workers: ['w1', 'w2'],
    masterArgs: ['--out', `ndjson=${path}`],
  });
  await trial.underWay();
  await trial.cluster.killMaster();
  trial.cluster.startMasterAgain();
  await trial.cluster.until(({ elapsedMs, state }) => state === 'running' && elapsedMs > 4_000);
  const result = await trial.survives({ exit: 'passed', losses: 'none' });
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; fromSecond: number });
  const seconds = lines.filter(({ type }) => type === 'second');
  expect(seconds.map(({ fromSecond }) => fromSecond)).toEqual(result.timeline.map((_, second) => second));
});
