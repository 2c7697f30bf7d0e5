import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process of one machine for good: numbers of processes are used again, and so are names of containers. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Names the time since the machine was started; empty where the machine does not tell. */
  readonly bootId: string;
  /** When the process was started, in the machine's own unit; empty where the machine does not tell. */
  readonly startedAt: string;
  /** The namespace of its process number (Linux: each container has one); absent if unknown. */
  readonly pidNamespace?: string;
}

/** Names the time since this machine was started (Linux); empty where the machine does not tell. */
export function bootId(): string {
  return readOr('/proc/sys/kernel/random/boot_id', '').trim();
}

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    bootId: bootId(),
    startedAt: statOf(process.pid)?.startedAt ?? '',
    pidNamespace: ownPidNamespace(),
  };
}

/**
 * Whether the process still runs. One in another container or on another machine cannot be seen from here, which the name of its
 * host shows.
 */
export function whetherAlive(identity: ProcessIdentity): boolean | 'unknown' {
  const { pid, host, bootId: boot, startedAt } = identity;
  if (host !== hostname()) return 'unknown';
  if (boot !== bootId()) return false;
  if (startedAt === '') return answersSignals(pid);
  const stat = statOf(pid);
  return stat !== undefined && stat.startedAt === startedAt && !stat.dead;
}

/**
 * Whether a process of this machine has certainly ended. Another machine may have the same name,
 * and a container the same numbers: only
 * one that could be seen from here counts.
 */
export function hasEnded(identity: ProcessIdentity): boolean {
  const { bootId: boot, pidNamespace, startedAt } = identity;
  const isSeen = boot !== '' && boot === bootId() && startedAt !== '' && pidNamespace === ownPidNamespace();
  return isSeen && whetherAlive(identity) === false;
}

function ownPidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Of proc_pid_stat(5): the state is the field after the name, which may hold anything, the start is field 22. */
function statOf(pid: number): { startedAt: string; dead: boolean } | undefined {
  const stat = readOr(`/proc/${pid}/stat`, '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  return startedAt === undefined ? undefined : { startedAt, dead: state === 'Z' || state === 'X' };
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
