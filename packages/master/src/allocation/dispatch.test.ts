import { expect, test } from '@jest/globals';
import {
  decodeUsers,
  knownPeakUsers,
  rampAndHold,
  runSteps,
  usersLoad,
  type Load,
  type Plan,
} from '@drumline/model';
import { Dispatch } from './dispatch.js';
import type { Participant } from './participant.js';

const loadOf = (users: number): Load => usersLoad(rampAndHold(users), [{ name: 'a', weight: 1 }]);

const plan = {
  userTypes: [{ name: 'a', weight: 1, laneGroup: 'default', tasks: [] }],
  laneGroups: [{ name: 'default', users: 1_000 }],
  load: loadOf(1_000),
} as unknown as Plan;

function workersOf(count: number): Participant[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `w${index}`;
    return {
      id,
      hello: { name: id },
      state: 'running',
      laneGroups: ['default'],
      brokenLanes: new Set(),
    } as never;
  });
}

/** @returns the names of the workers whose orders have changed */
function place(dispatch: Dispatch, workers: readonly Participant[]): string[] {
  return runSteps(dispatch.placing(workers, 0)).map(({ id }) => id);
}

test('only workers whose users have changed get new orders', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(100);
  expect(place(dispatch, workers)).toHaveLength(100);
  expect(place(dispatch, workers)).toEqual([]);

  const told = place(dispatch, workers.slice(1));
  // The ten users of the lost worker moved to at most ten others.
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(10);
  expect(dispatch.epochOf(workers[0]!)).toBeUndefined();
});

test('a worker that comes back gets orders of a new epoch', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(3);
  place(dispatch, workers);
  place(dispatch, workers.slice(1));
  place(dispatch, workers);
  expect(dispatch.epochOf(workers[0]!)).toBe(3);
});

test('a changed load and a pause reach all workers', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(3);
  place(dispatch, workers);
  dispatch.changeLoad(loadOf(500), 0);
  expect(knownPeakUsers(dispatch.assignmentOf(workers[0]!).load)).toBe(1_000);
  expect(place(dispatch, workers)).toHaveLength(3);
  expect(knownPeakUsers(dispatch.assignmentOf(workers[0]!).load)).toBe(500);
  dispatch.pausedAtMs = 3;
  expect(place(dispatch, workers)).toHaveLength(3);
  expect(place(dispatch, workers)).toEqual([]);
});

test('every user is on exactly one worker, whatever epochs they are at', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(7);
  for (const present of [workers, workers.slice(2), workers.slice(1), workers]) place(dispatch, present);
  const users = workers.flatMap((worker) =>
    dispatch.assignmentOf(worker).lanes.flatMap(({ shares }) => decodeUsers(shares[0]!.items)),
  );
  expect(users.sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, user) => user));
});

test('the users of an awaited worker stay with it until its time is up, then move to others', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(4);
  place(dispatch, workers);
  dispatch.awaited.add(workers[0]!, 5_000);
  expect(place(dispatch, workers.slice(1))).toEqual([]);
  expect(dispatch.placedUsers(0)).toBe(750);

  expect(dispatch.awaited.giveUpOverdue(4_999)).toBe(false);
  expect(dispatch.awaited.giveUpOverdue(5_000)).toBe(true);
  expect(place(dispatch, workers.slice(1))).toHaveLength(3);
  expect(dispatch.placedUsers(0)).toBe(1_000);
});

test('a worker that comes back in time keeps its users', () => {
  const dispatch = new Dispatch('r1', plan);
  const workers = workersOf(4);
  place(dispatch, workers);
  const before = dispatch.assignmentOf(workers[0]!).lanes;
  dispatch.awaited.add(workers[0]!, 5_000);
  place(dispatch, workers.slice(1));
  place(dispatch, workers);
  expect(dispatch.assignmentOf(workers[0]!).lanes).toEqual(before);
  expect(dispatch.awaited.giveUpOverdue(5_000)).toBe(false);
  expect(dispatch.placedUsers(0)).toBe(1_000);
});
