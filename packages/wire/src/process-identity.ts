import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies a process uniquely. Process ids and names of containers are reused. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Identifies the boot of the machine; empty if unavailable. */
  readonly bootId: string;
  /** Start time of the process, in a unit of the machine; empty if unavailable. */
  readonly startedAt: string;
  /** The PID namespace (on Linux, each container has one); absent if unavailable. */
  readonly pidNamespace?: string;
}

/** Identifies the boot of this machine (Linux); empty if unavailable. */
export function bootId(): string {
  return readOr('/proc/sys/kernel/random/boot_id', '').trim();
}

/** The identity of the current process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    bootId: bootId(),
    startedAt: statOf(process.pid)?.startedAt ?? '',
    pidNamespace: ownPidNamespace(),
  };
}

/** Whether a process is running; `unknown` if it is on another host or in another container. */
export function whetherAlive(identity: ProcessIdentity): boolean | 'unknown' {
  const { pid, host, bootId: boot, startedAt } = identity;
  if (host !== hostname()) return 'unknown';
  if (boot !== bootId()) return false;
  if (startedAt === '') return answersSignals(pid);
  const stat = statOf(pid);
  return stat !== undefined && stat.startedAt === startedAt && !stat.dead;
}

/**
 * Whether a process has certainly ended. Hosts can have equal names and containers equal process
 * ids, so the result is true only for processes that are visible from here.
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

/** See proc_pid_stat(5): the state follows the name in parentheses; the start time is field 22. */
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
