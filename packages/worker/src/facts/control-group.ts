import { numbersOf, type SystemFiles } from './system-files.js';

/** What the control groups of this process allow. An absent field is not known. */
export interface GroupLimits {
  /** CPUs that may be used on average; `Infinity` without a quota. */
  readonly cpuQuota?: number;
  /** The share of the periods so far in which the quota was used up, from 0 to 1. */
  readonly throttledShare?: number;
  /** How long processes were stopped so far because the quota was used up, milliseconds. */
  readonly throttledMs?: number;
}

const ROOT = '/sys/fs/cgroup';
const DEFAULT_PERIOD_US = 100_000;

/**
 * Reads the limits of the control group of this process and of those that contain it, version 1 or
 * 2. The lowest quota counts.
 */
export function readGroupLimits(files: SystemFiles): GroupLimits {
  const paths = groupsOf(files);
  const quotas = paths.flatMap((path) => quotaOf(files, path) ?? []);
  if (quotas.length === 0) return {};
  const cpuQuota = Math.min(...quotas);
  const limited = paths.find((path) => quotaOf(files, path) === cpuQuota);
  return { cpuQuota, ...(cpuQuota < Infinity && limited !== undefined && throttlingOf(files, limited)) };
}

/**
 * The directories of the CPU controller: that of the process, and those above it. A container may
 * see only its own group, mounted as the root, although the path names the groups of the host.
 */
function groupsOf(files: SystemFiles): string[] {
  const lines = files.read('/proc/self/cgroup')?.split('\n') ?? [];
  const v1 = lines.find((line) => /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:/.test(line));
  const line = v1 ?? lines.find((one) => one.startsWith('0::'));
  if (line === undefined) return [];
  const controller = /^\d+:([^:]*):/.exec(line)?.[1] ?? '';
  const mounts = v1 === undefined ? [ROOT, `${ROOT}/unified`] : [`${ROOT}/${controller}`, `${ROOT}/cpu`];
  const names = line.slice(line.indexOf('/')).split('/').filter(Boolean);
  const own = names.map((_, index) => `/${names.slice(0, names.length - index).join('/')}`);
  return mounts.flatMap((mount) => [...own, ''].map((path) => mount + path));
}

function quotaOf(files: SystemFiles, path: string): number | undefined {
  const max = /^(max|\d+)\s+(\d+)/.exec(files.read(`${path}/cpu.max`) ?? '');
  if (max !== null) return max[1] === 'max' ? Infinity : Number(max[1]) / Number(max[2]);
  const [quota] = numbersOf(files, `${path}/cpu.cfs_quota_us`);
  if (quota === undefined) return undefined;
  const [period = DEFAULT_PERIOD_US] = numbersOf(files, `${path}/cpu.cfs_period_us`);
  return quota < 0 ? Infinity : quota / period;
}

function throttlingOf(files: SystemFiles, path: string): Pick<GroupLimits, 'throttledShare' | 'throttledMs'> {
  const stat = files.read(`${path}/cpu.stat`) ?? '';
  const value = (name: string): number | undefined => {
    const digits = new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const [periods, throttled] = [value('nr_periods'), value('nr_throttled')];
  const microseconds = value('throttled_usec');
  const nanoseconds = value('throttled_time');
  const throttledMs = microseconds === undefined ? nanoseconds && nanoseconds / 1e6 : microseconds / 1e3;
  return {
    ...(periods !== undefined &&
      throttled !== undefined && { throttledShare: throttled / Math.max(1, periods) }),
    ...(throttledMs !== undefined && { throttledMs }),
  };
}
