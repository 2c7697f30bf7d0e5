import { describe, expect, test } from '@jest/globals';
import { readGroupLimits } from './control-group.js';
import { readLimits, watchLimits } from './read-limits.js';
import type { SystemFiles } from './system-files.js';

function filesOf(contents: Readonly<Record<string, string>>): SystemFiles {
  return {
    read: (path) => contents[path],
    list: (folder) =>
      Object.keys(contents).flatMap((path) =>
        path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split('/')[0]! : [],
      ),
  };
}

describe('control groups', () => {
  test('of version 2 have a quota, and the lowest of all groups above counts', () => {
    const files = filesOf({
      '/proc/self/cgroup': '0::/kubepods/pod1/worker\n',
      '/sys/fs/cgroup/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/kubepods/pod1/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/kubepods/pod1/cpu.stat':
        'usage_usec 900\nnr_periods 200\nnr_throttled 50\nthrottled_usec 3500\n',
      '/sys/fs/cgroup/kubepods/pod1/worker/cpu.max': 'max 100000\n',
    });
    expect(readGroupLimits(files)).toEqual({ cpuQuota: 1.5, throttledShare: 0.25, throttledMs: 3.5 });
  });

  test('of version 2 may be mounted as the root, as in a container', () => {
    const files = filesOf({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/cpu.max': '50000 100000\n',
    });
    expect(readGroupLimits(files)).toEqual({ cpuQuota: 0.5 });
  });

  test.each(['cpu', 'cpu,cpuacct', 'cpuacct,cpu'])('of version 1 have a quota (%s)', (controller) => {
    const files = filesOf({
      '/proc/self/cgroup': `4:memory:/a\n3:${controller}:/docker/abc\n0::/\n`,
      [`/sys/fs/cgroup/${controller}/docker/abc/cpu.cfs_quota_us`]: '25000\n',
      [`/sys/fs/cgroup/${controller}/docker/abc/cpu.cfs_period_us`]: '100000\n',
      [`/sys/fs/cgroup/${controller}/docker/abc/cpu.stat`]:
        'nr_periods 10\nnr_throttled 4\nthrottled_time 7000000\n',
      [`/sys/fs/cgroup/${controller}/cpu.cfs_quota_us`]: '-1\n',
    });
    expect(readGroupLimits(files)).toEqual({ cpuQuota: 0.25, throttledShare: 0.4, throttledMs: 7 });
  });

  test('without a quota have none, and without files nothing is known', () => {
    expect(
      readGroupLimits(
        filesOf({ '/proc/self/cgroup': '1:cpu:/\n', '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' }),
      ),
    ).toEqual({ cpuQuota: Infinity });
    expect(readGroupLimits(filesOf({}))).toEqual({});
  });
});

test('limits are read from the files of Linux', () => {
  const limits = readLimits(
    filesOf({
      '/proc/self/limits': 'Max open files            20000                20000                files\n',
      '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
      '/proc/sys/net/ipv4/tcp_tw_reuse': '2\n',
      '/proc/sys/net/core/somaxconn': '4096\n',
      '/proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t33554432\n',
      '/proc/sys/net/ipv4/tcp_wmem': '4096\t16384\t4194304\n',
      '/proc/sys/net/ipv4/tcp_mem': '1\t2\t3\n',
      '/proc/net/sockstat': 'sockets: used 15\nTCP: inuse 1 orphan 0 tw 7 alloc 1 mem 0\n',
      '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n',
      '/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor': 'powersave\n',
      '/sys/devices/system/cpu/cpufreq/x': '',
    }),
  );
  expect(limits).toMatchObject({
    openFiles: 20_000,
    localPorts: 28_232,
    timeWaitReuse: 2,
    timeWait: 7,
    backlog: 4_096,
    receiveBufferBytes: 33_554_432,
    sendBufferBytes: 4_194_304,
    tcpBytes: 12_288,
    governors: ['powersave'],
  });
});

test('on a system without such files, they are absent, and nothing fails', async () => {
  const limits = await watchLimits(filesOf({}));
  expect(Object.keys(limits).sort()).toEqual(['cpus', 'freeBytes', 'memoryBytes']);
});

test('the share of CPU time that others take is measured', async () => {
  let reads = 0;
  const files: SystemFiles = {
    ...filesOf({}),
    read: (path) =>
      path === '/proc/stat'
        ? `cpu  100 0 100 ${reads++ === 0 ? '700 0 0 0 100 50 0' : '760 0 0 0 140 90 0'}\n`
        : undefined,
  };
  expect((await watchLimits(files)).stealShare).toBe(0.4);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the limits of this machine are read', () => {
  const { openFiles, localPorts, cpus, memoryBytes } = readLimits();
  expect(openFiles).toBeGreaterThan(100);
  expect(localPorts).toBeGreaterThan(1_000);
  expect(cpus).toBeGreaterThan(0);
  expect(memoryBytes).toBeGreaterThan(1e8);
});
