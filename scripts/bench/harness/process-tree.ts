import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's accounting of a process. */
export interface ProcessUsage {
  readonly pid: number;
  readonly parent: number;
  /** Seconds, user and system, of all its threads. */
  readonly cpuSeconds: number;
}

/** The unit of the kernel's CPU accounting. */
export const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** A process followed by all its descendants. Empty if it has exited. */
export function processTree(root: number): ProcessUsage[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readUsage(Number(name)));
  const tree = all.filter(({ pid }) => pid === root);
  // The list grows while it is walked: children of children follow.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** CPU of a process and all its descendants since they started, seconds. */
export function cpuSecondsOf(root: number): number {
  return processTree(root).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Sends a signal to those of these processes that still run. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

/** Process ids of a process and all its descendants. */
export function pidsOf(root: number): number[] {
  return processTree(root).map(({ pid }) => pid);
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) * 1_024;
}

/**
 * proc(5): the name is between the first and the last parenthesis; it may contain spaces and
 * parentheses.
 */
function readUsage(pid: number): ProcessUsage[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return []; // It has ended.
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  return [{ pid, parent: parent!, cpuSeconds: (user! + system!) / TICKS_PER_SECOND }];
}
