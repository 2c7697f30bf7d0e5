// Schedules that once revealed a defect, reduced to the smallest that still does.
import { expect, test } from '@jest/globals';
import { limitRunTime, rampAndHold } from '@drumline/model';
import { randomSchedule } from '../../scripts/dist/simulation/random-schedule.js';
import { simulate } from '../../scripts/dist/simulation/simulate.js';
import type { Schedule } from '../../scripts/dist/simulation/schedule.js';
import { scheduleOf } from './schedules.js';

const slow: Schedule['network'] = {
  minDelayMs: 20,
  maxDelayMs: 60,
  dropped: 0,
  repeated: 0,
  reorders: false,
};

/** More users than rows to borrow. */
const manyUsers = {
  load: limitRunTime(rampAndHold(16), 26_000),
  laneGroups: [{ name: 'default', users: 16 }],
} satisfies Partial<Schedule>;

const found: Record<string, Schedule> = {
  'a worker that received its users but not the start is sent the start again': scheduleOf([
    { atMs: 0, do: 'lose', worker: 1, message: 'start' },
  ]),
  'a lost order to run setup is repeated': scheduleOf(
    [0, 1].map((worker) => ({ atMs: 0, do: 'lose', worker, message: 'runPhase' })),
    { hasSetup: true },
  ),
  'a teardown whose answer is lost does not run twice and does not delay the end': scheduleOf(
    [0, 1].map((worker) => ({ atMs: 11_000, do: 'lose', worker, message: 'phaseDone' })),
    { hasSetup: true, calmAtMs: 40_000 },
  ),
  'a worker that joins while the run drains is not asked to run the teardown': scheduleOf(
    [
      { atMs: 3_000, do: 'kill', worker: 0, backAfterMs: 4_600 },
      { atMs: 5_400, do: 'freezeMaster', forMs: 30_000 },
    ],
    { hasSetup: true, calmAtMs: 36_000 },
  ),
  'a lost worker keeps its borrowed rows while no master runs': scheduleOf(
    [
      { atMs: 4_000, do: 'kill', worker: 0, backAfterMs: null },
      { atMs: 9_000, do: 'killMaster', backAfterMs: 40_000 },
    ],
    { calmAtMs: 60_000 },
  ),
  'a lost request to leave is repeated': scheduleOf([
    { atMs: 5_000, do: 'lose', worker: 0, message: 'leaving' },
    { atMs: 5_100, do: 'leave', worker: 0 },
  ]),
  'a lane that is killed while its worker is unreachable is reported afterwards': scheduleOf(
    [
      { atMs: 5_000, do: 'cut', worker: 0, how: 'refuses', forMs: 1_000 },
      { atMs: 5_100, do: 'killLane', worker: 0, lane: 0 },
    ],
    { workers: 1 },
  ),
  'a worker that missed its dismissal is dismissed again and is not counted as new': scheduleOf([
    { atMs: 5_000, do: 'lose', worker: 0, message: 'dismiss' },
    { atMs: 5_000, do: 'leave', worker: 0 },
  ]),
  'a worker whose run is dropped during loading leaves no lane behind': scheduleOf([
    { atMs: 1_100, do: 'killMaster', backAfterMs: 2_400 },
  ]),
  'a restarted master waits for a worker that was leaving when the master died': scheduleOf(
    [
      { atMs: 5_180, do: 'leave', worker: 0 },
      { atMs: 6_580, do: 'killMaster', backAfterMs: 5_400 },
    ],
    {
      seed: 285,
      workers: 1,
      stopTimeoutMs: 0,
      load: { fromUsers: 0, stages: [{ durationMs: 4_413, toUsers: 5 }] },
      maxCommitMs: 1_500,
      network: { minDelayMs: 20, maxDelayMs: 420, dropped: 0, repeated: 0, reorders: false },
      calmAtMs: 8_000,
    },
  ),
  'a restarted master bounds what a worker ran before it was asked to leave': scheduleOf(
    [
      { atMs: 1_900, do: 'leave', worker: 0 },
      { atMs: 1_950, do: 'freeze', worker: 0, whole: false, forMs: 9_000 },
      { atMs: 2_200, do: 'killMaster', backAfterMs: 660 },
      { atMs: 2_900, do: 'kill', worker: 0, backAfterMs: null },
    ],
    { stopTimeoutMs: 0, network: { ...slow, minDelayMs: 1, maxDelayMs: 400 } },
  ),
  'a worker that leaves while its master is dead waits for the master as long as configured': scheduleOf(
    [
      { atMs: 5_000, do: 'killMaster', backAfterMs: 11_000 },
      { atMs: 8_500, do: 'leave', worker: 0 },
    ],
    { calmAtMs: 20_000 },
  ),
  'a worker that leaves as soon as its master is back does not delay the others': scheduleOf([
    { atMs: 5_000, do: 'killMaster', backAfterMs: 1_000 },
    { atMs: 5_008, do: 'leave', worker: 0 },
  ]),
  'a worker that is asked to leave while it runs the teardown finishes it': scheduleOf(
    [
      { atMs: 5_000, do: 'stop' },
      { atMs: 5_200, do: 'leave', worker: 0 },
    ],
    { workers: 1, hasSetup: true, network: slow },
  ),
  'a worker that is ordered to end during the teardown reports that something is missing': scheduleOf(
    [
      { atMs: 5_000, do: 'stop' },
      { atMs: 5_300, do: 'quit', worker: 0 },
    ],
    { workers: 1, hasSetup: true, network: slow },
  ),
  'a lane that was killed during a stall of its worker is reported before the worker is done': scheduleOf(
    [
      { atMs: 7_037, do: 'freeze', worker: 0, whole: true, forMs: 1_765 },
      { atMs: 7_494, do: 'stop' },
      { atMs: 7_500, do: 'killLane', worker: 0, lane: 0 },
    ],
    { seed: 2, stopTimeoutMs: 200 },
  ),
  'a worker that stalled for longer than its timeout reads waiting messages first': scheduleOf(
    [
      { atMs: 5_000, do: 'stop' },
      { atMs: 6_200, do: 'freeze', worker: 0, whole: true, forMs: 40_000 },
    ],
    { workers: 1, stopTimeoutMs: 200, orphanGraceMs: 2_000, maxCommitMs: 1_500, calmAtMs: 31_000 },
  ),
  'a master that resumes a run with lane groups, after users were removed, places them again': scheduleOf(
    [
      { atMs: 1_000, do: 'setUsers', users: 20, spawnRate: 5 },
      { atMs: 2_000, do: 'setUsers', users: 8, spawnRate: undefined },
      { atMs: 7_000, do: 'killMaster', backAfterMs: 1_000 },
    ],
    {
      userTypes: [
        { name: 'reader', weight: 3, laneGroup: 'default', tasks: ['get'] },
        { name: 'writer', weight: 1, laneGroup: 'heavy', tasks: ['get'] },
      ],
      laneGroups: [
        { name: 'default', users: 8 },
        { name: 'heavy', users: 2 },
      ],
    },
  ),
  'a master that is killed and started again loses nothing': scheduleOf([
    { atMs: 4_000, do: 'killMaster', backAfterMs: 3_000 },
    { atMs: 10_000, do: 'killMaster', backAfterMs: 300 },
  ]),
  'a lane that stalled until others had its borrowed rows does not use them any more': scheduleOf(
    [{ atMs: 5_000, do: 'freeze', worker: 0, whole: true, forMs: 12_000 }],
    { ...manyUsers, seed: 5, orphanGraceMs: 2_000, calmAtMs: 20_000 },
  ),
  'a worker that is ordered to end gives its rows back when its blocked lane has ended': scheduleOf(
    [
      { atMs: 5_000, do: 'freezeLane', worker: 0, lane: 0, forMs: 3_000 },
      { atMs: 6_000, do: 'quit', worker: 0 },
    ],
    manyUsers,
  ),
  'borrowed rows of a worker that was lost before the master died come back': scheduleOf(
    [
      { atMs: 5_000, do: 'kill', worker: 0, backAfterMs: null },
      { atMs: 8_500, do: 'killMaster', backAfterMs: 500 },
    ],
    { ...manyUsers, orphanGraceMs: 2_000 },
  ),
};

test.each(Object.entries(found))('%s', async (_, schedule) => {
  const { violations, requests } = await simulate(schedule);
  expect(violations).toEqual([]);
  expect(requests).toBeGreaterThan(0);
});

test('a run that all workers leave does not pass, even if everything is counted', async () => {
  const leaving = [0, 1].map((worker) => ({ atMs: 8_000, do: 'leave', worker }) as const);
  const { exits, violations } = await simulate(scheduleOf(leaving, { calmAtMs: 40_000 }));
  expect(violations).toEqual([]);
  expect(exits).toEqual(['workers-left']);
});

test('a master that reads too slowly for a while loses no worker and catches up', async () => {
  // Ten workers send about twenty messages a second, and the master reads four.
  const slow = {
    minDelayMs: 1,
    maxDelayMs: 5,
    dropped: 0,
    repeated: 0,
    reorders: false,
    masterMsPerMessage: 250,
  };
  const lines: string[] = [];
  const schedule = scheduleOf([], { workers: 10, network: slow, calmAtMs: 20_000 });
  const { violations, exits } = await simulate(schedule, (line) => lines.push(line));
  expect(violations).toEqual([]);
  expect(lines.filter((line) => line.includes('is missing'))).toEqual([]);
  expect(exits).not.toContain('worker-lost');
});

test('users that a ramp started between two placements count as lost, though the load is over', async () => {
  expect((await simulate(randomSchedule(42_102))).violations).toEqual([]);
});

test('a worker that must end at once does not wait for lanes of its previous run', async () => {
  expect((await simulate(randomSchedule(60_937))).violations).toEqual([]);
});

test('a loss is bounded, even if the rate of its worker is known from five requests', async () => {
  expect((await simulate(randomSchedule(201_283))).violations).toEqual([]);
});

test('a lane that restarts while its worker stops its users runs none', async () => {
  expect((await simulate(randomSchedule(901_414))).violations).toEqual([]);
});

test('a worker that is cut off when a pause begins may start users as if there were none', async () => {
  expect((await simulate(randomSchedule(242_382))).violations).toEqual([]);
});
