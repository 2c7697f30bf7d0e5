import { availableParallelism } from 'node:os';
import { MANY_LANES_PER_CPU, workerBytes } from '@drumline/model';
import { memoryLimit, readLimits } from './facts/read-limits.js';

/** Minimum memory of a lane without users, bytes. */
const LANE_BYTES = 30 * 1024 * 1024;
/** More lanes per CPU than this must be a mistake. */
const MOST_PER_CPU = 32;

/** Pipes of a worker to each of its lanes. */
const FILES_PER_LANE = 3;
/** About twice what else a worker has open. */
const OWN_FILES = 60;

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
  if (lanes <= cpus * MANY_LANES_PER_CPU) return undefined;
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
  const neededBytes = othersBytes + workerBytes(lanes);
  if (memoryBytes >= neededBytes) return undefined;
  const [needed, there] = [neededBytes, memoryBytes].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
  return `about ${needed} of memory is needed even with few users, but this machine or container has ${there}: the kernel may kill processes (exit code 137)`;
}

/**
 * Checks whether one worker may open its pipes to so many lanes.
 * @returns the end of a sentence; undefined if it may, or if the limit is unknown
 */
export function judgeLaneFiles(
  lanes: number,
  openFiles: number = readLimits().openFiles ?? Infinity,
): string | undefined {
  const needed = OWN_FILES + lanes * FILES_PER_LANE;
  if (needed <= openFiles) return undefined;
  return `a worker with ${lanes} lanes needs ${needed} open files, and this process may open only ${openFiles} (ulimit -n)`;
}

/** @throws Error if the lane groups of a plan need more lanes than this machine can have */
export function requireRoomFor(lanes: number): void {
  const verdict = judgeLanes(lanes);
  const problem = verdict?.kind === 'refused' ? verdict.message : judgeLaneFiles(lanes);
  if (problem === undefined) return;
  throw new Error(
    `the lane groups of the scenario need more lanes than fit here: ${problem}; lower their count in \`lanes\``,
  );
}

function thisRoom(): LaneRoom {
  return { cpus: availableParallelism(), memoryBytes: memoryLimit() };
}
