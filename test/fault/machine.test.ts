// Machines with wrong or stepping clocks, or with almost no CPU.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { canLimitCpu, Cgroup } from '../support/cgroup.js';
import { IS_LONG } from '../support/conditions.js';
import { canFakeTime, setClock, wrongClock } from '../support/faketime.js';
import { pause } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';
import { familyOf } from '../support/processes.js';
import { Trial } from '../support/trial.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drumline-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

(canFakeTime ? test : test.skip)(
  'wall clocks that are an hour off in either direction and step during the run have no effect (needs libfaketime)',
  async () => {
    const [ahead, behind] = [join(folder, 'ahead'), join(folder, 'behind')];
    await using trial = await Trial.start(
      'wall clocks of two workers off by an hour, stepping during the run',
      {
        workers: [],
        masterArgs: ['--expect-workers', '2'],
      },
    );
    trial.cluster.addWorker('ahead', [], undefined, { env: wrongClock(ahead, '+1h') });
    trial.cluster.addWorker('behind', [], undefined, { env: wrongClock(behind, '-1h') });
    await trial.underWay();
    setClock(ahead, '-1h');
    setClock(behind, '+0');
    await pause(1_500);
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    const { run, timeline } = result;
    expect(codesOf(result)).toEqual([]);
    // Each second has its share of requests: none is counted an hour away.
    expect(timeline.slice(0, -1).every(({ requests }) => requests > 0)).toBe(true);
    expect(timeline.length).toBeLessThan(180);
    expect(Math.abs(Date.now() - Date.parse(run.startedAt))).toBeLessThan(600_000);
  },
);

(canLimitCpu && IS_LONG ? test : test.skip)(
  'a worker with 10 % of a CPU and saturated lanes does not go missing (long; needs cgroups)',
  async () => {
    await using cgroup = Cgroup.create({ cpuShare: 0.1 });
    await using trial = await Trial.start('a worker limited to 10 % of a CPU, its lanes saturated', {
      scenario: 'busy',
      masterArgs: ['-t', '15s', '--stop-timeout', '10s'],
    });
    await trial.underWay(20);
    for (const pid of familyOf(trial.worker(0).pid)) cgroup.add(pid);
    const { notes } = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(notes.map(({ code }) => code)).not.toContain('worker-lost');
  },
);
