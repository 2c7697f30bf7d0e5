import { describe, expect, test } from '@jest/globals';
import { rampAndHold } from '../load.js';
import type { PlannedUserType } from '../plan.js';
import { usersLoad, type Load, type Workload } from '../workload/index.js';
import { needsPerLane, plainLoad, workerNeeds } from './needs.js';

const type = (name: string, rest: Partial<PlannedUserType> = {}): PlannedUserType => ({
  name,
  weight: 1,
  laneGroup: 'default',
  tasks: [],
  connections: 1,
  keptConnections: 1,
  ...rest,
});

describe('needs at the peak of a load', () => {
  test('are divided among the lanes of each group', () => {
    const userTypes = [
      type('a', { connections: 2 }),
      type('b', { laneGroup: 'slow' }),
      type('c', { connections: 0, keptConnections: 0 }),
    ];
    const own = ['default', 'slow'];
    const perLane = needsPerLane({ userTypes }, usersLoad(rampAndHold(300), userTypes), [
      ...own,
      'default',
      'default',
    ]);
    expect(workerNeeds({}, own, perLane)).toEqual({
      users: 167,
      connections: 167,
      kept: 134,
      opened: 0,
      starts: 0,
      lanes: 2,
      fullestLane: { users: 100, connections: 100, kept: 100, opened: 0, starts: 0 },
      sourceAddresses: 1,
      target: 'any',
    });
  });

  test('have no connections if users hold none', () => {
    const userTypes = [type('a', { connections: undefined, keptConnections: undefined })];
    const perLane = needsPerLane({ userTypes }, usersLoad(rampAndHold(300), userTypes), ['default']);
    expect(workerNeeds({}, ['default'], perLane)).toMatchObject({ users: 300, connections: 0, kept: 0 });
  });

  const partsOf = (...workloads: (readonly [startMs: number, workload: Workload])[]): Load => ({
    parts: workloads.map(([startMs, workload]) => ({ phase: '', types: [0], startMs, workload })),
  });

  test('are those of the parts that run at the same time', () => {
    const userTypes = [type('a')];
    const ramp = (users: number): Workload => ({
      kind: 'users',
      profile: { fromUsers: users, stages: [{ durationMs: 10_000, toUsers: users }] },
    });
    const inTurn = needsPerLane({ userTypes }, partsOf([0, ramp(10)], [10_000, ramp(30)]), ['default']);
    expect(inTurn.get('default')).toMatchObject({ users: 30, kept: 30 });
    const beside = needsPerLane({ userTypes }, partsOf([0, ramp(10)], [5_000, ramp(30)]), ['default']);
    expect(beside.get('default')).toMatchObject({ users: 40, kept: 40 });
  });

  test('of arriving users are connections per second, and none that they keep', () => {
    const userTypes = [type('a', { connections: 6 })];
    const load = partsOf([
      0,
      {
        kind: 'arrivals',
        rate: { fromPerSecond: 500, stages: [{ durationMs: null, toPerSecond: 500 }] },
        order: { kind: 'even' },
        maxConcurrent: 20,
      },
    ]);
    const perLane = needsPerLane({ userTypes }, load, ['default', 'default']);
    expect(perLane.get('default')).toEqual({ users: 10, connections: 60, kept: 0, opened: 250, starts: 250 });
  });
});

test('users with a fixed count come first', () => {
  const userTypes = [type('a'), type('b', { fixedCount: 5, connections: 100 })];
  const connections = (users: number): number | undefined =>
    needsPerLane({ userTypes }, usersLoad(rampAndHold(users), userTypes), ['default']).get('default')
      ?.connections;
  expect(connections(3)).toBe(300);
  expect(connections(9)).toBe(504);
});

test.each([
  ['http://localhost:8080', 'loopback'],
  ['http://127.0.0.1', 'loopback'],
  ['https://[::1]:8443/x', 'loopback'],
  ['https://10.0.0.7', 'one-address'],
  ['https://[2001:db8::7]', 'one-address'],
  ['https://shop.example', 'any'],
  ['https://10.example', 'any'],
  [undefined, 'any'],
])('the target %s is %s', (target, kind) => {
  expect(workerNeeds({ target }, ['default'], new Map()).target).toBe(kind);
});

test.each([
  [{}, { users: 0, connections: 0, kept: 0, opened: 0, starts: 0 }],
  [{ users: 9 }, { users: 9, connections: 9, kept: 9, opened: 0, starts: 0 }],
  [{ perSecond: 5 }, { users: 0, connections: 0, kept: 0, opened: 0, starts: 5 }],
  [
    { perSecond: 5, users: 9 },
    { users: 9, connections: 9, kept: 0, opened: 0, starts: 5 },
  ],
  [
    { arrivalsPerSecond: 5, maxUsers: 2 },
    { users: 2, connections: 2, kept: 0, opened: 5, starts: 5 },
  ],
])('the options %j are a load without a scenario', (options, needs) => {
  const { userTypes, load } = plainLoad(options);
  expect(workerNeeds({}, ['default'], needsPerLane({ userTypes }, load, ['default']))).toMatchObject(needs);
});
