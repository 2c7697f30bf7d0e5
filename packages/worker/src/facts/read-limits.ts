import { availableParallelism, freemem, totalmem } from 'node:os';
import type { MachineLimits } from '@drumline/model';
import { readGroupLimits } from './control-group.js';
import { numbersOf, systemFiles, type SystemFiles } from './system-files.js';

const SYSCTL = '/proc/sys/net';
const CPUS = '/sys/devices/system/cpu';
const PAGE_BYTES = 4_096;
/** How long the use of the CPUs is watched. */
const STEAL_MS = 500;

/** The limits of processes on this machine, as far as they are known. Takes a few milliseconds. */
export function readLimits(files: SystemFiles = systemFiles): MachineLimits {
  const { cpuQuota, throttledShare } = readGroupLimits(files);
  return known({
    ...readNetworkLimits(files),
    openFiles: openFiles(files),
    cpus: availableParallelism(),
    cpuQuota,
    throttledShare,
    governors: governors(files),
    memoryBytes: memoryLimit(),
    freeBytes: freeBytes(files),
  });
}

/** The limits, and what must be watched for half a second. */
export async function watchLimits(files: SystemFiles = systemFiles): Promise<MachineLimits> {
  const before = cpuTimes(files);
  await new Promise((resolve) => setTimeout(resolve, STEAL_MS));
  const after = cpuTimes(files);
  const all = after && before && after.all - before.all;
  const stealShare = all ? (after!.steal - before!.steal) / all : undefined;
  return { ...readLimits(files), ...known({ stealShare }) };
}

/** Without a limit, `constrainedMemory` is 0 or exceeds the total memory. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function readNetworkLimits(files: SystemFiles): MachineLimits {
  const receive = numbersOf(files, `${SYSCTL}/ipv4/tcp_rmem`);
  const send = numbersOf(files, `${SYSCTL}/ipv4/tcp_wmem`);
  const pages = numbersOf(files, `${SYSCTL}/ipv4/tcp_mem`)[2];
  return {
    localPorts: localPorts(files),
    timeWaitReuse: numbersOf(files, `${SYSCTL}/ipv4/tcp_tw_reuse`)[0],
    timeWait: timeWaitNow(files),
    backlog: numbersOf(files, `${SYSCTL}/core/somaxconn`)[0],
    receiveBufferBytes: receive[2],
    sendBufferBytes: send[2],
    tcpBytes: pages === undefined ? undefined : pages * PAGE_BYTES,
  };
}

/** The soft limit. Node raises it to the hard limit when it starts. */
function openFiles(files: SystemFiles): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(files.read('/proc/self/limits') ?? '')?.[1];
  return limit === undefined ? undefined : Number(limit);
}

function localPorts(files: SystemFiles): number | undefined {
  const [low, high] = numbersOf(files, `${SYSCTL}/ipv4/ip_local_port_range`);
  return low === undefined || high === undefined ? undefined : high - low + 1;
}

/** Connections in TIME_WAIT of the network namespace. */
export function timeWaitNow(files: SystemFiles): number | undefined {
  const digits = /^TCP: .*\btw (\d+)/m.exec(files.read('/proc/net/sockstat') ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function governors(files: SystemFiles): string[] | undefined {
  const cpus = files.list(CPUS).filter((name) => /^cpu\d+$/.test(name));
  const names = cpus.flatMap((cpu) => files.read(`${CPUS}/${cpu}/cpufreq/scaling_governor`)?.trim() ?? []);
  return names.length === 0 ? undefined : [...new Set(names)];
}

/** Memory that processes can still get. `freemem` also counts caches as used on some systems. */
function freeBytes(files: SystemFiles): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(files.read('/proc/meminfo') ?? '')?.[1];
  const free = kilobytes === undefined ? freemem() : Number(kilobytes) * 1_024;
  return Math.min(free, memoryLimit());
}

/** Time of all CPUs so far, in ticks. */
function cpuTimes(files: SystemFiles): { readonly all: number; readonly steal: number } | undefined {
  const line = /^cpu +(.*)$/m.exec(files.read('/proc/stat') ?? '')?.[1];
  if (line === undefined) return undefined;
  // Guest time is part of user time.
  const ticks = line.split(' ').map(Number).slice(0, 8);
  return { all: ticks.reduce((sum, one) => sum + one, 0), steal: ticks[7] ?? 0 };
}

function known<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as T;
}
