import { describe, expect, test } from '@jest/globals';
import { connectionNeeds, connectionsPerLane, findTightLimits } from './capacity.js';
import { rampAndHold } from './load.js';
import type { PlannedUserType } from './plan.js';
import { usersLoad } from './workload/index.js';

const type = (name: string, rest: Partial<PlannedUserType> = {}): PlannedUserType => ({
  name,
  weight: 1,
  laneGroup: 'default',
  tasks: [],
  connections: 1,
  ...rest,
});

describe('connections at the peak of a load', () => {
  test('are divided among the lanes of each group', () => {
    const userTypes = [
      type('a', { connections: 2 }),
      type('b', { laneGroup: 'slow' }),
      type('c', { connections: 0 }),
    ];
    const own = ['default', 'slow'];
    const perLane = connectionsPerLane({ userTypes }, usersLoad(rampAndHold(300), userTypes), [
      ...own,
      'default',
      'default',
    ]);
    expect(connectionNeeds(own, perLane)).toEqual({
      fullestLane: 100,
      worker: 167,
    });
  });

  test('are zero if users hold none', () => {
    const userTypes = [type('a', { connections: undefined })];
    const perLane = connectionsPerLane({ userTypes }, usersLoad(rampAndHold(300), userTypes), ['default']);
    expect(connectionNeeds(['default'], perLane)).toEqual({
      fullestLane: 0,
      worker: 0,
    });
  });
});

test('users with a fixed count come first', () => {
  const userTypes = [type('a'), type('b', { fixedCount: 5, connections: 100 })];
  expect(
    connectionsPerLane({ userTypes }, usersLoad(rampAndHold(3), userTypes), ['default']).get('default'),
  ).toBe(300);
  expect(
    connectionsPerLane({ userTypes }, usersLoad(rampAndHold(9), userTypes), ['default']).get('default'),
  ).toBe(504);
});

describe('limits of a machine', () => {
  const needs = { fullestLane: 1_000, worker: 4_000 };
  const told = (...args: Parameters<typeof findTightLimits>): string[] =>
    findTightLimits(...args).map(({ message }) => message);

  test('that are high enough or unknown are not reported', () => {
    expect(told(needs, { openFiles: 1_040, localPorts: 4_000 })).toEqual([]);
    expect(told(needs, {})).toEqual([]);
  });

  test('that are too low are all reported', () => {
    expect(told(needs, { openFiles: 1_024, localPorts: 3_999 })).toEqual([
      'a lane needs up to 1000 connections, but a process may open only 1024 files (ulimit -n)',
      'its users need up to 4000 connections, but the machine has only 3999 local ports for one target address',
    ]);
  });

  test('of ports apply to each local address', () => {
    expect(told(needs, { localPorts: 2_000 }, 2)).toEqual([]);
    expect(told(needs, { localPorts: 1_000 }, 3)[0]).toContain(
      'has only 3000 local ports for one target address from 3 local addresses',
    );
  });
});
