import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSecondsOf, TICKS_PER_SECOND } from './process-tree.js';

/** Measurements of one period. */
export interface Slice {
  readonly seconds: number;
  readonly requests: number;
  /** Of the generator, user and system. */
  readonly cpuSeconds: number;
  /** CPU used by other processes or virtual machines. */
  readonly othersSeconds: number;
}

const SLICE_SECONDS = 1;
/** Share of the machine that other processes may use in a quiet slice. */
export const QUIET = 0.1;
/** The wait for quiet seconds is at most this many times the requested length. */
const PATIENCE = 4;

/**
 * Watches a generator until other processes have left the machine alone for `seconds`. Their
 * activity does not depend on the generator, so leaving out seconds favours none.
 * @returns the sum of the quiet slices, or of all slices if none was quiet
 */
export async function watchQuietly(
  pid: number,
  countRequests: () => Promise<number>,
  seconds: number,
): Promise<Slice> {
  const slices: Slice[] = [];
  const quiet: Slice[] = [];
  while (quiet.length < seconds && slices.length < PATIENCE * seconds) {
    const slice = await watch(pid, countRequests, SLICE_SECONDS);
    slices.push(slice);
    if (othersShare(slice) < QUIET) quiet.push(slice);
  }
  return (quiet.length > 0 ? quiet : slices).reduce(sum);
}

/** Watches a generator for a while, regardless of other processes. */
export async function watch(
  pid: number,
  countRequests: () => Promise<number>,
  seconds: number,
): Promise<Slice> {
  const from = await look(pid, countRequests);
  await pause(seconds * 1_000);
  return difference(from, await look(pid, countRequests));
}

/** Share of the machine that other processes used. */
export function othersShare({ othersSeconds, seconds }: Slice): number {
  return othersSeconds / seconds / cpus().length;
}

type Look = Omit<Slice, 'seconds'> & { readonly atSeconds: number };

async function look(pid: number, countRequests: () => Promise<number>): Promise<Look> {
  const requests = await countRequests();
  const othersSeconds = machineSeconds() - cpuSecondsOf(process.pid);
  return { requests, cpuSeconds: cpuSecondsOf(pid), othersSeconds, atSeconds: performance.now() / 1_000 };
}

/**
 * CPU used since boot, and stolen: first line of /proc/stat, see proc(5). Soft interrupts are left
 * out, because they are the bench's own traffic.
 */
export function machineSeconds(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/).slice(1).map(Number);
  const [user, nice, system, , , interrupts, , stolen] = fields as [number, number, number, ...number[]];
  return (user + nice + system + interrupts! + stolen!) / TICKS_PER_SECOND;
}

function difference(from: Look, to: Look): Slice {
  return {
    seconds: to.atSeconds - from.atSeconds,
    requests: to.requests - from.requests,
    cpuSeconds: to.cpuSeconds - from.cpuSeconds,
    // Negative if a virtual machine charges stolen time to the process that lost it.
    othersSeconds: Math.max(0, to.othersSeconds - from.othersSeconds),
  };
}

function sum(a: Slice, b: Slice): Slice {
  return {
    seconds: a.seconds + b.seconds,
    requests: a.requests + b.requests,
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
    othersSeconds: a.othersSeconds + b.othersSeconds,
  };
}
