import { readdir, stat } from 'node:fs/promises';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { MachineUse } from '@drumline/model';
import { readGroupLimits } from './control-group.js';
import { timeWaitNow } from './read-limits.js';
import { systemFiles, type SystemFiles } from './system-files.js';

/** Measurements are not closer to each other than this. */
const EVERY_MS = 900;

/**
 * Watches what lanes use of the limits of their machine. Nothing is measured in the lanes.
 * @param lanes the ids of their processes
 * @returns a function that gives the last measurement, and begins the next one in the background
 */
export function watchUse(lanes: () => readonly number[]): () => { readonly use?: MachineUse } {
  const meter = new UseMeter();
  let last: MachineUse | undefined;
  let measuring = false;
  let startedMs = -Infinity;
  const measure = async (): Promise<void> => {
    measuring = true;
    startedMs = monotonicMs();
    last = await meter.measure(lanes());
    measuring = false;
  };
  return () => {
    if (!measuring && monotonicMs() - startedMs >= EVERY_MS) void measure();
    return last === undefined ? {} : { use: last };
  };
}

/** Measures the use. What was there before the load does not count. */
class UseMeter {
  /** Open files of each process when it was first seen. */
  private ownFiles = new Map<number, number>();
  private leastTimeWait = Infinity;
  private readonly isLimited: boolean;

  constructor(private readonly files: SystemFiles = systemFiles) {
    this.isLimited = (readGroupLimits(files).cpuQuota ?? Infinity) < Infinity;
  }

  /** @returns undefined if the system does not tell */
  async measure(pids: readonly number[]): Promise<MachineUse | undefined> {
    const counts = await Promise.all(pids.map(countOpenFiles));
    const known = counts.filter((count) => count !== undefined);
    if (known.length === 0) return undefined;
    const own = new Map(pids.map((pid, index) => [pid, this.ownFiles.get(pid) ?? counts[index] ?? 0]));
    this.ownFiles = own;
    const connections = pids.reduce(
      (sum, pid, index) => sum + Math.max(0, (counts[index] ?? 0) - own.get(pid)!),
      0,
    );
    const timeWait = timeWaitNow(this.files) ?? 0;
    this.leastTimeWait = Math.min(this.leastTimeWait, timeWait);
    const throttledMs = this.isLimited ? readGroupLimits(this.files).throttledMs : undefined;
    return {
      openFiles: Math.max(...known),
      ports: connections + timeWait - this.leastTimeWait,
      ...(throttledMs !== undefined && { throttledMs }),
    };
  }
}

/** Open files of a process; undefined if it has ended, or the system does not tell. */
async function countOpenFiles(pid: number): Promise<number | undefined> {
  const folder = `/proc/${pid}/fd`;
  try {
    // Since Linux 6.2 the size is the number of files. Before, it is 0.
    const { size } = await stat(folder);
    return size > 0 ? size : (await readdir(folder)).length;
  } catch {
    return undefined;
  }
}
