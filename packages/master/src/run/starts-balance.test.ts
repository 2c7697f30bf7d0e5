import { expect, test } from '@jest/globals';
import type { LoadPart } from '@drumline/model';
import type { ScheduleDelta } from '@drumline/stats';
import { describeUnexplained, possibleCauses, unexplainedStarts } from './starts-balance.js';

const USER_TYPES = { userTypes: [{ name: 'visitor', weight: 1, laneGroup: 'default', tasks: [] }] };
const rate = { fromPerSecond: 20, stages: [{ durationMs: 10_000, toPerSecond: 20 }] };
const arrivals: LoadPart = {
  phase: 'rate',
  types: [0],
  startMs: 0,
  workload: { kind: 'arrivals', rate, order: { kind: 'even' } },
};
/** The planned end: the order to stop comes after it. */
const PLANNED = { fromMs: 10_300, untilMs: 10_400 };

function counted(started: number, dropped = 0, skipped = 0): ScheduleDelta[] {
  return [{ user: 'visitor', phase: 'rate', started, late: 0, dropped, skipped }];
}

function check(schedule: ScheduleDelta[], stated = 0, end = PLANNED, part = arrivals): string[] {
  return unexplainedStarts(
    { parts: [part] },
    { ...USER_TYPES, load: { parts: [part] } },
    schedule,
    end,
    stated,
  ).map((one) => describeUnexplained(one, []));
}

test('starts that are counted, dropped or skipped explain all that were due', () => {
  expect(check(counted(200))).toEqual([]);
  expect(check(counted(150, 30, 20))).toEqual([]);
});

test('missing starts are reported, unless losses state them', () => {
  expect(check(counted(190))).toEqual([
    "10 starts of phase 'rate' are missing for an unknown reason: at least 200 were due, and 190 were started, dropped or skipped. Please report it.",
  ]);
  expect(check([])).toHaveLength(1);
  expect(check(counted(190), 10)).toEqual([]);
  expect(check(counted(190), 9)).toHaveLength(1);
});

test('what was lost and is not back is named as the probable cause', () => {
  const lost = { worker: 'w1', host: 'box', atMs: 1_300, returned: false };
  const losses = [
    { ...lost, lane: 0, reason: 'an uncaught error: a callback failed' },
    { ...lost, worker: 'w2', reason: 'its last orders did not reach it before the end' },
    { ...lost, worker: 'w3', reason: 'silent for 3s', returned: true },
  ];
  const laneGroups = ['default', 'default'];
  const workers = [
    { id: 'w1', laneGroups, brokenLanes: new Set([0, 1]) },
    { id: 'w2', laneGroups, brokenLanes: new Set<number>() },
  ];
  const causes = possibleCauses(losses, workers);
  expect(causes).toEqual([
    'lane w1/0 was lost at 1.3s (an uncaught error: a callback failed), and was not back at the end',
    'worker w2 was lost at 1.3s (its last orders did not reach it before the end)',
    'lane w1/1 did not respond at the end',
  ]);
  const note = describeUnexplained({ phase: '', due: 200, counted: 190 }, causes);
  expect(note).toMatch(
    /^10 starts are missing: at least 200 were due, .* The probable cause: lane w1\/0 was lost/,
  );
  expect(note).not.toContain('Please report it');
  expect(possibleCauses(losses.slice(2), [])).toEqual(['worker w3 was lost at 1.3s (silent for 3s)']);
  expect(possibleCauses(Array(9).fill(losses[1]), []).at(-1)).toBe('4 more of this kind');
});

test('starts that happened twice are reported', () => {
  expect(check(counted(201))[0]).toContain("1 starts of phase 'rate' are too many");
  expect(check(counted(201), 1)).toEqual([]);
});

test('a run that is stopped early may be a moment ahead or behind', () => {
  const stopped = { fromMs: 5_000, untilMs: 5_100 };
  for (const count of [95, 100, 110, 162]) expect(check(counted(count), 0, stopped)).toEqual([]);
  expect(check(counted(94), 0, stopped)).toHaveLength(1);
  expect(check(counted(163), 0, stopped)).toHaveLength(1);
});

test('random starts are counted exactly, and other workloads are not compared', () => {
  const order = { kind: 'random' as const, seed: 3 };
  const workload = { kind: 'arrivals' as const, rate, order, maxConcurrent: 4 };
  const fits = Array.from({ length: 400 }, (_, count) =>
    check(counted(count), 0, PLANNED, { ...arrivals, workload }),
  );
  expect(fits.filter((problems) => problems.length === 0)).toHaveLength(1);
  const fixed = { kind: 'fixed' as const, total: 10, users: 2, each: false, limitMs: null };
  expect(check([], 0, PLANNED, { ...arrivals, workload: fixed })).toEqual([]);
});

test('more starts than due are no fault after a change of the rate, of which lanes may learn late', () => {
  const changed = { fromPerSecond: 20, stages: [{ durationMs: 10_000, toPerSecond: 5 }] };
  const part = { ...arrivals, workload: { ...arrivals.workload, rate: changed } } as LoadPart;
  const plan = { ...USER_TYPES, load: { parts: [arrivals] } };
  const found = (count: number): number =>
    unexplainedStarts({ parts: [part] }, plan, counted(count), PLANNED, 0).length;
  expect([124, 125, 180].map(found)).toEqual([1, 0, 0]);
});
