import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { MachineLimits } from '@drumline/model';

/** The least that a lane takes before it has users, bytes. */
const LANE_BYTES = 30 * 1024 * 1024;
/** What a lane takes in use, and a worker's own process, bytes; 50 users that wait are within. */
const LANE_IN_USE_BYTES = 50 * 1024 * 1024;
const WORKER_BYTES = 30 * 1024 * 1024;
/** More lanes for a core than this only take turns. */
const MANY_PER_CPU = 4;
/** More than this is a slip of the pen. */
const MOST_PER_CPU = 32;

/** What bears on how many lanes a machine can have. */
export interface LaneRoom {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** Too many lanes: `refused` if they cannot do any good, otherwise a `doubt`. */
export interface LaneVerdict {
  readonly kind: 'refused' | 'doubt';
  /** The end of a sentence. */
  readonly message: string;
}

/**
 * Looks at how many processes are to make load on this machine.
 * @returns nothing if that is sensible
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
  return { kind: 'doubt', message: `${lanes} lanes will take turns: ${machine}` };
}

/**
 * Looks whether this machine, or the container, has the memory for some processes. One that has too
 * little ends without a message: the kernel kills it.
 * @param lanes that run here, with a worker
 * @param othersBytes what runs here beside them
 * @returns the end of a warning; nothing if there is enough
 */
export function judgeMemory(
  lanes: number,
  othersBytes = 0,
  { memoryBytes }: LaneRoom = thisRoom(),
): string | undefined {
  const neededBytes = othersBytes + (lanes > 0 ? WORKER_BYTES + lanes * LANE_IN_USE_BYTES : 0);
  if (memoryBytes >= neededBytes) return undefined;
  const [needed, there] = [neededBytes, memoryBytes].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
  return `about ${needed} of memory are needed before there are many users, and this machine or container has ${there}: the kernel may kill processes (exit code 137)`;
}

/** @throws Error if the lane groups of a plan want more lanes than this machine can have */
export function requireRoomFor(lanes: number): void {
  const verdict = judgeLanes(lanes);
  if (verdict?.kind !== 'refused') return;
  throw new Error(`the lane groups of the scenario want ${verdict.message}; lower their count in \`lanes\``);
}

function thisRoom(): LaneRoom {
  // Without a limit it is 0, or a number beyond all memory.
  const limit = process.constrainedMemory();
  return { cpus: availableParallelism(), memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem() };
}

/** The limits of this machine for a process that is started here, as far as they are known. */
export function readLimits(): MachineLimits {
  const limits = { openFiles: openFiles(), localPorts: localPorts() };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

/** Node raises the soft limit to the hard one when it starts. */
function openFiles(): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1];
  return limit === undefined ? undefined : Number(limit);
}

function localPorts(): number | undefined {
  const [, low, high] = /^(\d+)\s+(\d+)/.exec(read('/proc/sys/net/ipv4/ip_local_port_range') ?? '') ?? [];
  return low === undefined ? undefined : Number(high) - Number(low) + 1;
}

/** @returns nothing where the system has no such file */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
