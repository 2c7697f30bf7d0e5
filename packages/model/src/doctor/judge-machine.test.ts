import { describe, expect, test } from '@jest/globals';
import { worstGrade } from './diagnosis.js';
import { findTightLimits, judgeMachine } from './judge-machine.js';
import { withoutLoad, type Needs, type WorkerNeeds } from './needs.js';
import type { MachineLimits } from './machine-limits.js';

const needs = (rest: Partial<WorkerNeeds> = {}): WorkerNeeds => ({ ...withoutLoad(2), ...rest });
const lane = (connections: number, kept = connections): Needs => ({
  users: kept,
  connections,
  kept,
  opened: 0,
  starts: 0,
});

/** The diagnosis of one check, by its name. */
function of(check: string, limits: MachineLimits, load: WorkerNeeds = needs()) {
  return judgeMachine(limits, 'both', load).find((one) => one.check === check)!;
}

test('facts that a system does not have are unknown, and nothing follows from them', () => {
  const all = judgeMachine(
    {},
    'both',
    needs({ fullestLane: lane(1e6), users: 1e9, connections: 1e9, opened: 1e9 }),
  );
  for (const one of all) expect(one).toMatchObject({ grade: 'unknown', value: 'not known on this system' });
  expect(worstGrade(all)).toBe('ok');
});

describe('open files', () => {
  test('are enough for the connections of a lane and its own files', () => {
    expect(of('open files', { openFiles: 1_040 }, needs({ fullestLane: lane(1_000) }))).toEqual({
      check: 'open files',
      grade: 'ok',
      value: '1,040 per process',
      allows: '1,000 connections of each lane',
    });
  });

  test('break the run if the users certainly need more', () => {
    expect(of('open files', { openFiles: 1_024 }, needs({ fullestLane: lane(1_000) }))).toMatchObject({
      grade: 'breaks',
      problem: 'a lane needs 1,000 connections, but a process may open only 1,024 files (ulimit -n)',
      remedy: expect.stringContaining('ulimit -n 65536'),
    });
  });

  test('are tight if the users may need more', () => {
    expect(of('open files', { openFiles: 1_024 }, needs({ fullestLane: lane(6_000, 900) }))).toMatchObject({
      grade: 'tight',
      problem: expect.stringContaining('up to 6,000 connections'),
    });
  });
});

describe('local ports', () => {
  const users = (rest: Partial<WorkerNeeds>): WorkerNeeds => needs({ ...lane(4_000), ...rest });

  test('break the run if the target has one address, and are tight if it may have several', () => {
    const limits = { localPorts: 3_999 };
    expect(of('local ports', limits, users({ target: 'one-address' }))).toMatchObject({
      grade: 'breaks',
      problem:
        'the users need 4,000 connections, but the machine has only 3,999 local ports for one target address',
      remedy: expect.stringContaining('sysctl -w net.ipv4.ip_local_port_range="1024 65535"'),
    });
    expect(of('local ports', limits, users({ target: 'any' })).grade).toBe('tight');
    expect(of('local ports', { localPorts: 4_000 }, users({})).grade).toBe('ok');
  });

  test('apply to each local address', () => {
    expect(of('local ports', { localPorts: 2_000 }, users({ sourceAddresses: 2 })).grade).toBe('ok');
    expect(of('local ports', { localPorts: 1_000 }, users({ sourceAddresses: 3 })).problem).toContain(
      'only 3,000 local ports for one target address from 3 local addresses',
    );
  });
});

describe('TIME_WAIT', () => {
  const range = { localPorts: 28_232 };

  test.each([
    [0, 'any', '470 new connections/s to one address'],
    [2, 'any', '470 new connections/s to one address'],
    [2, 'loopback', '28,232 new connections/s to one address'],
    [1, 'any', '28,232 new connections/s to one address'],
  ] as const)('with tcp_tw_reuse=%i and a target of kind %s allows %s', (timeWaitReuse, target, allows) => {
    expect(of('TIME_WAIT', { ...range, timeWaitReuse }, needs({ target })).allows).toBe(allows);
  });

  test('is tight if users arrive faster, and says how long the ports last', () => {
    expect(of('TIME_WAIT', { ...range, timeWaitReuse: 0 }, needs({ opened: 1_000 }))).toMatchObject({
      grade: 'tight',
      problem: 'the users open 1,000 connections per second, and close them; 28,232 ports last for 28 s',
      remedy: expect.stringContaining('sysctl -w net.ipv4.tcp_tw_reuse=1'),
    });
  });
});

describe('CPU', () => {
  test.each([
    [1, 2, Infinity, 'ok', '2 busy lanes, about 56,000 small requests/s'],
    [8, 2, Infinity, 'ok', '2 busy lanes, about 56,000 small requests/s'],
    [9, 2, Infinity, 'tight', '2 busy lanes, about 56,000 small requests/s'],
    [1, 2, 0.5, 'ok', 'a lane at 50 % of a core, about 14,000 small requests/s'],
    [1, 2, 0.1, 'tight', 'a lane at 10 % of a core, about 2,800 small requests/s'],
    [4, 8, 1.5, 'tight', '1 busy lane, about 42,000 small requests/s'],
  ])('%i lanes on %i CPUs with a quota of %d: %s', (lanes, cpus, cpuQuota, grade, allows) => {
    expect(of('CPU', { cpus, cpuQuota }, needs({ lanes }))).toMatchObject({ grade, allows });
  });

  test('is tight if a rate is more than the lanes can do', () => {
    expect(of('CPU', { cpus: 2 }, needs({ lanes: 1, starts: 30_000 }))).toMatchObject({
      grade: 'tight',
      problem: expect.stringContaining('1 lane shall start 30,000 iterations per second'),
      remedy: 'more lanes (--lanes)',
    });
    expect(of('CPU', { cpus: 2 }, needs({ lanes: 2, starts: 30_000 })).grade).toBe('ok');
    expect(of('CPU', { cpus: 2 }, needs({ lanes: 2, starts: 60_000 })).remedy).toBe('more machines');
  });

  test('throttling, steal and a governor that saves power are tight', () => {
    expect(of('CPU throttling', { cpuQuota: 1, throttledShare: 0.12 })).toMatchObject({
      grade: 'tight',
      value: 'in 12 % of the periods so far',
    });
    expect(of('CPU throttling', { cpuQuota: Infinity }).grade).toBe('ok');
    expect(of('CPU steal', { stealShare: 0.3 }).grade).toBe('tight');
    expect(of('CPU steal', { stealShare: 0.01 }).grade).toBe('ok');
    expect(of('CPU governor', { governors: ['powersave'] }).remedy).toBe(
      'cpupower frequency-set -g performance',
    );
    expect(of('CPU governor', { governors: ['performance'] }).grade).toBe('ok');
  });
});

test('memory must hold the processes and the users', () => {
  const grade = (memoryBytes: number, users: number): string =>
    of('memory', { memoryBytes }, needs({ users, connections: users })).grade;
  expect(grade(256 * 2 ** 20, 0)).toBe('ok');
  expect(grade(128 * 2 ** 20, 0)).toBe('tight');
  expect(grade(1e9, 50_000)).toBe('ok');
  expect(grade(1e9, 200_000)).toBe('tight');
  expect(grade(1e9, 500_000)).toBe('breaks');
});

test('small queues and buffers are tight', () => {
  expect(of('somaxconn', { backlog: 128 }).remedy).toBe('sysctl -w net.core.somaxconn=4096');
  expect(of('somaxconn', { backlog: 4_096 }).grade).toBe('ok');
  const buffers = { receiveBufferBytes: 33_554_432, sendBufferBytes: 4_194_304, tcpBytes: 2e9 };
  expect(of('TCP buffers', buffers)).toMatchObject({
    grade: 'ok',
    allows: '41.9 MB/s of a connection with a round trip of 100 ms',
  });
  expect(of('TCP buffers', { ...buffers, sendBufferBytes: 65_536 }).remedy).toBe(
    'sysctl -w net.ipv4.tcp_wmem="4096 65536 16777216"',
  );
  expect(of('TCP buffers', buffers, needs({ connections: 1e6 })).grade).toBe('tight');
});

test('a master needs no ports, and a worker no queue of connections', () => {
  const checks = (role: 'master' | 'worker'): string[] =>
    judgeMachine({}, role, needs()).map(({ check }) => check);
  expect(checks('master')).not.toContain('local ports');
  expect(checks('master')).toContain('somaxconn');
  expect(checks('worker')).toContain('local ports');
  expect(checks('worker')).not.toContain('somaxconn');
});

test('only limits that the load exceeds are tight limits of a run', () => {
  const load = needs({ ...lane(50), fullestLane: lane(50), target: 'loopback' });
  expect(findTightLimits({ openFiles: 1_024, localPorts: 28_232, governors: ['powersave'] }, load)).toEqual(
    [],
  );
  expect(findTightLimits({ openFiles: 64, localPorts: 10, backlog: 1 }, load)).toEqual([
    {
      check: 'open files',
      breaks: true,
      message: expect.stringContaining('64 files'),
      hint: expect.stringContaining('ulimit -n'),
    },
    {
      check: 'local ports',
      breaks: true,
      message: expect.stringContaining('only 10 local ports'),
      hint: expect.any(String),
    },
  ]);
});
