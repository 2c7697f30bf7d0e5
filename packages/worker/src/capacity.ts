import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { MachineLimits } from '@drumline/model';

/** Minimum memory of a lane without users, bytes. */
const LANE_BYTES = 30 * 1024 * 1024;
/**
 * Memory of a lane in use, and of the worker's control process, bytes. Includes 50 waiting users.
 */
const LANE_IN_USE_BYTES = 50 * 1024 * 1024;
const WORKER_BYTES = 30 * 1024 * 1024;
/** More lanes per CPU than this only compete with each other. */
const MANY_PER_CPU = 4;
/** More lanes per CPU than this must be a mistake. */
const MOST_PER_CPU = 32;

/** The resources that limit the number of lanes. */
export interface LaneRoom {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** Too many lanes: `refused` if they cannot work at all, otherwise `doubt`. */
export interface LaneVerdict {
  readonly kind: 'refused' | 'doubt';
  /** The end of a sentence. */
  readonly message: string;
}

/**
 * Checks the number of lanes on this machine.
 * @returns undefined if it is sensible
 */
export function judgeLanes(lanes: number, room: LaneRoom = thisRoom()): LaneVerdict | undefined {
  const { cpus, memoryBytes } = room;
  const most = Math.min(cpus * MOST_PER_CPU, Math.floor(memoryBytes / LANE_BYTES));
  const machine = `this machine has ${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'} and ${Math.round(memoryBytes / 2 ** 20)} MiB`;
  if (lanes > most)
    return {
      kind: 'refused',
      message: `${lanes} lanes are too many: ${machine}, which is enough for ${most} at most`,
    };
  if (lanes <= cpus * MANY_PER_CPU) return undefined;
  return { kind: 'doubt', message: `${lanes} lanes will compete for CPU time: ${machine}` };
}

/**
 * Checks whether this machine or container has enough memory. If not, the kernel may kill processes
 * without a message.
 * @param lanes number of lanes of a worker here; 0 for no worker
 * @param othersBytes memory of other processes here
 * @returns the end of a warning; undefined if there is enough memory
 */
export function judgeMemory(
  lanes: number,
  othersBytes = 0,
  { memoryBytes }: LaneRoom = thisRoom(),
): string | undefined {
  const neededBytes = othersBytes + (lanes > 0 ? WORKER_BYTES + lanes * LANE_IN_USE_BYTES : 0);
  if (memoryBytes >= neededBytes) return undefined;
  const [needed, there] = [neededBytes, memoryBytes].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
  return `about ${needed} of memory is needed even with few users, but this machine or container has ${there}: the kernel may kill processes (exit code 137)`;
}

/** @throws Error if the lane groups of a plan need more lanes than this machine can have */
export function requireRoomFor(lanes: number): void {
  const verdict = judgeLanes(lanes);
  if (verdict?.kind !== 'refused') return;
  throw new Error(
    `the lane groups of the scenario need more lanes than fit here: ${verdict.message}; lower their count in \`lanes\``,
  );
}

function thisRoom(): LaneRoom {
  // Without a limit it is 0 or exceeds the total memory.
  const limit = process.constrainedMemory();
  return { cpus: availableParallelism(), memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem() };
}

/** The limits of processes on this machine, as far as they are known. */
export function readLimits(): MachineLimits {
  const limits = { openFiles: openFiles(), localPorts: localPorts() };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

/** The soft limit. Node raises it to the hard limit when it starts. */
function openFiles(): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1];
  return limit === undefined ? undefined : Number(limit);
}

function localPorts(): number | undefined {
  const [, low, high] = /^(\d+)\s+(\d+)/.exec(read('/proc/sys/net/ipv4/ip_local_port_range') ?? '') ?? [];
  return low === undefined ? undefined : Number(high) - Number(low) + 1;
}

/** @returns undefined if the system has no such file */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
