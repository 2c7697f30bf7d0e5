import { formatCount } from '../format-count.js';
import { formatBytes } from '../units.js';
import { unknownHere, type Diagnosis } from './diagnosis.js';
import type { MachineLimits } from './machine-limits.js';
import type { WorkerNeeds } from './needs.js';

/** Memory of the control process of a worker, and of a lane in use with 50 waiting users, bytes. */
const WORKER_BYTES = 30 * 2 ** 20;
const LANE_BYTES = 50 * 2 ** 20;
/** Memory of a waiting user, and of its connection, bytes. */
const USER_BYTES = 2_600;
const CONNECTION_BYTES = 6_000;
/** Small HTTP requests of a lane at half a core, per second. docs/sizing.md has the measurement. */
const REQUESTS_PER_SECOND = 28_000;
/** More lanes per CPU than this only compete with each other. */
export const MANY_LANES_PER_CPU = 4;
/** With a quota, processes stop for the rest of each period once it is used up. */
const MANY_LANES_PER_QUOTA = 2;
/** Above these shares of time without CPU, response times are too high. */
const MOST_THROTTLED = 0.05;
const MOST_STOLEN = 0.05;

/** The memory of a worker without users, bytes. */
export function workerBytes(lanes: number): number {
  return lanes > 0 ? WORKER_BYTES + lanes * LANE_BYTES : 0;
}

/** Whether the lanes get enough CPU time. */
export function judgeCpu(
  { cpus, cpuQuota = Infinity }: MachineLimits,
  { lanes, starts }: WorkerNeeds,
): Diagnosis {
  const check = 'CPU';
  if (cpus === undefined) return unknownHere(check);
  const hasQuota = cpuQuota < cpus;
  const room = Math.min(cpus, cpuQuota);
  const quota = hasQuota ? `, of which the control group may use ${decimals(cpuQuota)}` : '';
  const found = {
    check,
    value: `${formatCount(cpus)} ${cpus === 1 ? 'CPU' : 'CPUs'}${quota}`,
    allows: `${room < 1 ? `a lane at ${percent(room)} of a core` : lanesText(Math.floor(room), 'busy ')}, about ${formatCount(roughly(room * REQUESTS_PER_SECOND))} small requests/s`,
  };
  if (starts > Math.min(room, lanes) * REQUESTS_PER_SECOND)
    return {
      ...found,
      grade: 'tight',
      problem: `${lanesText(lanes)} shall start ${formatCount(starts)} iterations per second, more than they can do at half a core each`,
      remedy: lanes < room ? 'more lanes (--lanes)' : 'more machines',
    };
  if (lanes <= room * (hasQuota ? MANY_LANES_PER_QUOTA : MANY_LANES_PER_CPU))
    return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: `${lanesText(lanes)} may use ${decimals(room)} CPUs together, so that they wait for CPU time`,
    remedy: hasQuota
      ? 'raise the CPU limit of the container (docker run --cpus, resources.limits.cpu); or fewer lanes (--lanes)'
      : 'fewer lanes (--lanes); or more machines',
  };
}

/** Whether the control group has used up its quota so far. */
export function judgeThrottling({ cpuQuota, throttledShare }: MachineLimits): Diagnosis {
  const check = 'CPU throttling';
  if (cpuQuota === Infinity) return { check, grade: 'ok', value: 'no quota' };
  if (throttledShare === undefined) return unknownHere(check);
  const found = { check, value: `in ${percent(throttledShare)} of the periods so far` };
  if (throttledShare <= MOST_THROTTLED) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: 'the kernel stops the processes whenever the quota is used up, which adds to response times',
    remedy: 'raise or remove the CPU limit of the container (docker run --cpus, resources.limits.cpu)',
  };
}

/** Whether other virtual machines take the CPU. */
export function judgeSteal({ stealShare }: MachineLimits): Diagnosis {
  const check = 'CPU steal';
  if (stealShare === undefined) return unknownHere(check);
  const found = { check, value: `${percent(stealShare)} of the CPU time goes to other machines` };
  if (stealShare <= MOST_STOLEN) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: 'response times contain the time in which the hypervisor runs others',
    remedy: 'a machine type with dedicated CPUs, or without CPU credits',
  };
}

/** Whether the clock frequency of the CPUs follows the load. */
export function judgeGovernor({ governors }: MachineLimits): Diagnosis {
  const check = 'CPU governor';
  if (governors === undefined || governors.length === 0) return unknownHere(check);
  const found = { check, value: governors.join(', ') };
  if (!governors.includes('powersave')) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem: 'the CPUs may run at a low frequency, so that a lane makes fewer requests',
    remedy: 'cpupower frequency-set -g performance',
  };
}

/** Whether users and lanes fit into the memory. @param othersBytes memory of other processes */
export function judgeMemory(
  { memoryBytes, freeBytes }: MachineLimits,
  { lanes, users, connections }: WorkerNeeds,
  othersBytes = 0,
): Diagnosis {
  const check = 'memory';
  if (memoryBytes === undefined) return unknownHere(check);
  const base = othersBytes + workerBytes(lanes);
  const perUser = USER_BYTES + CONNECTION_BYTES;
  const fitting = Math.max(0, Math.floor((memoryBytes - base) / perUser));
  const found = {
    check,
    value: `${formatBytes(memoryBytes)}${freeBytes === undefined ? '' : `, ${formatBytes(freeBytes)} free`}`,
    allows: `about ${formatCount(roughly(fitting))} waiting users with a connection each`,
  };
  const needed = base + users * USER_BYTES + connections * CONNECTION_BYTES;
  if (needed <= memoryBytes) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: users * USER_BYTES > memoryBytes ? 'breaks' : 'tight',
    problem: `about ${formatBytes(needed)} are needed, but this machine or container has ${formatBytes(memoryBytes)}: the kernel may kill processes (exit code 137)`,
    remedy: 'raise the memory limit; or fewer lanes or users; or more machines',
  };
}

function lanesText(lanes: number, kind = ''): string {
  return `${formatCount(lanes)} ${kind}${lanes === 1 ? 'lane' : 'lanes'}`;
}

function decimals(cpus: number): string {
  return String(Number(cpus.toFixed(2)));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** Two significant digits, because the memory of a user depends on the scenario. */
function roughly(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.floor(count / unit) * unit;
}
