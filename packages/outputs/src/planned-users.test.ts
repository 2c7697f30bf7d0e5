import { expect, test } from '@jest/globals';
import { PlannedUsers } from './planned-users.js';

const state = (plannedUsers: number, plannedRate?: number) => ({
  users: 3,
  plannedUsers,
  ...(plannedRate !== undefined && { plannedRate }),
  cutOffUsers: 0,
  workers: { present: 1, missing: 0 },
  busiestLane: 0,
});

test('a load with a rate plans no number of users until a phase asks for one', () => {
  const planned = new PlannedUsers();
  expect(planned.of(state(0, 50))).toBeUndefined();
  expect(planned.of(state(10, 50))).toBe(10);
  // The series goes on, so that nobody reads the last value as the present one.
  expect(planned.of(state(0, 50))).toBe(0);
});

test('a load that plans users may plan none for a time', () => {
  expect(new PlannedUsers().of(state(0))).toBe(0);
});
