import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { eventually } from './drumline.js';

/** Directories of cgroup version 1. Version 2 has a single tree. */
const V1 = '/sys/fs/cgroup';

function canLimit(controller: 'cpu' | 'memory'): boolean {
  const path = `${V1}/${controller}/drumline-${randomUUID()}`;
  try {
    if (!existsSync(`${V1}/${controller}/cgroup.procs`)) return false;
    mkdirSync(path);
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

export const canLimitCpu = canLimit('cpu');
export const canLimitMemory = canLimit('memory');

/** A control group with a limit. Removed when its processes have ended. */
export class Cgroup implements AsyncDisposable {
  private constructor(private readonly path: string) {}

  static create(limit: { cpuShare: number } | { memoryBytes: number }): Cgroup {
    const controller = 'cpuShare' in limit ? 'cpu' : 'memory';
    const path = `${V1}/${controller}/drumline-${randomUUID()}`;
    mkdirSync(path);
    const set = (name: string, value: number): void =>
      writeFileSync(`${path}/${name}`, String(Math.round(value)));
    if ('cpuShare' in limit) {
      set('cpu.cfs_period_us', 100_000);
      set('cpu.cfs_quota_us', limit.cpuShare * 100_000);
    } else {
      set('memory.limit_in_bytes', limit.memoryBytes);
    }
    return new Cgroup(path);
  }

  /** Starts a command in it. */
  get launcher(): readonly string[] {
    return ['sh', '-c', `echo $$ > ${this.path}/cgroup.procs && exec "$@"`, 'sh'];
  }

  /** Takes a running process in. */
  add(pid: number): void {
    writeFileSync(`${this.path}/cgroup.procs`, String(pid));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await eventually(() => {
      rmdirSync(this.path);
      return true;
    });
  }
}
