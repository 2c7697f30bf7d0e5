// Runs side by side over one cluster.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { sharedSchedule } from '../../scripts/dist/simulation/shared-schedule.js';
import { simulate, type Outcome } from '../../scripts/dist/simulation/simulate.js';
import type { LaterRun, Schedule, Step } from '../../scripts/dist/simulation/schedule.js';
import { scheduleOf } from './schedules.js';

const program = fileURLToPath(new URL('../../scripts/dist/simulation/main.js', import.meta.url));

/** Eight users for eight seconds. */
const load: Schedule['load'] = {
  fromUsers: 0,
  stages: [
    { durationMs: 1_000, toUsers: 8 },
    { durationMs: 7_000, toUsers: 8 },
  ],
};

/** The exit of a run that counted everything. One simulated request in twenty fails. */
const counted: unknown = expect.stringMatching(/^(passed|requests-failed)$/);

function runThatTakes(takes: LaterRun['takes'], otherwise: Partial<LaterRun> = {}): LaterRun {
  const { userTypes, laneGroups } = scheduleOf([]);
  const run = { load, userTypes, laneGroups, hasSetup: false, pauseMs: 0, joins: 0, expectWorkers: 1 };
  return { ...run, takes: takes ?? 'all', ...otherwise };
}

/** Plays runs beside a first one that takes two workers. Expects that nothing is violated. */
async function play(
  besides: Schedule['besides'],
  steps: readonly Step[] = [],
  otherwise: Partial<Schedule> = {},
): Promise<Outcome & { readonly log: string }> {
  const lines: string[] = [];
  const schedule = scheduleOf(steps, { load, workers: 4, takes: 2, besides, calmAtMs: 20_000, ...otherwise });
  const outcome = await simulate(schedule, (line) => lines.push(line));
  const log = lines.join('\n');
  expect([outcome.violations, log]).toEqual([[], log]);
  return { ...outcome, log };
}

test('with random faults, no worker is in two runs, and the counts of each run are exact', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--shared', '--schedules', '40']);
  expect(stdout).toContain('40 schedules');
});

// Seeds that once revealed a defect.
test.each([
  [30_088, 'a lane that cannot load the scenario again does not run the teardown'],
  [40_125, 'users that move run twice only for a moment, although the master stalls'],
])('seed %i: %s', async (seed) => {
  expect((await simulate(sharedSchedule(seed))).violations).toEqual([]);
});

test('a lane that dies at the start may have run users of its previous orders', async () => {
  // Its worker was the first one that was ready, and got the users of all.
  expect((await simulate(sharedSchedule(20_071))).violations).toEqual([]);
});

test('two runs on disjoint workers count for themselves, and the loss of one does not touch the other', async () => {
  const { exits, log } = await play(
    [[runThatTakes(2)]],
    [{ atMs: 4_000, do: 'kill', worker: 0, backAfterMs: null }],
  );
  expect(exits).toEqual(['worker-lost', counted]);
  expect(log.match(/is missing/g)).toHaveLength(1);
});

test('a run that lost a worker gets a free one, and one that joins goes to the run that wants it', async () => {
  const spare = await play([[runThatTakes(1)]], [{ atMs: 3_000, do: 'kill', worker: 0, backAfterMs: null }]);
  expect(spare.exits[1]).toEqual(counted);
  const joining = await play(
    [[runThatTakes(2)]],
    [
      { atMs: 2_000, do: 'kill', worker: 2, backAfterMs: null },
      { atMs: 3_000, do: 'join' },
    ],
  );
  expect(joining.exits[0]).toEqual(counted);
  expect(joining.log).toMatch(/Worker w4 joined/);
});

test('runs that wait get their workers when others end, and all are counted exactly', async () => {
  const { exits, log } = await play([
    [runThatTakes(2), runThatTakes(4)],
    [runThatTakes(3), runThatTakes('all')],
  ]);
  expect(exits).toEqual([counted, counted, counted, counted, counted]);
  expect(log).not.toMatch(/Its users stop|Not delivered|is missing/);
});

test('a killed master resumes both runs, each with its own workers', async () => {
  const { exits, log } = await play(
    [[runThatTakes(2)]],
    [{ atMs: 4_000, do: 'killMaster', backAfterMs: 1_000 }],
  );
  expect(exits).toEqual([counted, counted]);
  expect(log.match(/is back/g)).toHaveLength(4);
  expect(log).not.toMatch(/Its users stop|Not delivered/);
});

test('a worker that cannot load one run takes part in the other', async () => {
  const { exits, log } = await play(
    [[runThatTakes(2, { pauseMs: 0 }), runThatTakes(4)]],
    [{ atMs: 0, do: 'failLoads', worker: 0, forMs: 3_000 }],
  );
  expect(exits).toEqual([counted, counted, counted]);
  expect(log).toMatch(/w0: Excluded from run .*because it could not load it: a package is missing/);
  expect(log.match(/Worker w0 joined/g)!.length).toBeGreaterThan(1);
});

test('a worker that stalled waits for the lanes of its previous run before it gives up on them', async () => {
  expect((await simulate(sharedSchedule(210_014))).violations).toEqual([]);
});

test('a worker gets no users before another master would know that it takes part', async () => {
  expect((await simulate(sharedSchedule(200_721))).violations).toEqual([]);
});
