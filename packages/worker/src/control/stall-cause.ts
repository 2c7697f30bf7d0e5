import { readFileSync } from 'node:fs';
import type { Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';

/**
 * Why a process does not respond. `blocked`: user code, a system call or a signal holds it up.
 * `starved`: it needs more CPU than it gets, and will recover by itself.
 */
export type StallCause = 'blocked' | 'starved';

/** The main thread of a process, as the system reports it. */
export interface ThreadReading {
  /**
   * `R`: running or waiting for a CPU. `D`: waiting for a disk. `S`: sleeping. `T`: stopped by a
   * signal.
   */
  readonly state: string;
  /** CPU time used, milliseconds. */
  readonly cpuMs: number;
}

/** A process that used more than this fraction of a CPU is working. */
const WORKING = 0.1;
/** A process that is starved for longer counts as blocked, so that its users are moved. */
const STARVED_AT_MOST_MS: Millis = 30_000;
/** `USER_HZ` of Linux. */
const MS_PER_TICK = 10;

/** Observes a stall of a process from its first second. */
export class StallDiagnosis {
  private readonly sinceMs: Millis;
  private readonly before: ThreadReading | undefined;

  constructor(
    private readonly pid: number | undefined,
    private readonly read: (pid: number) => ThreadReading | undefined = readMainThread,
    private readonly now: () => Millis = monotonicMs,
  ) {
    this.sinceMs = now();
    this.before = this.reading();
  }

  /**
   * Judges the stall by what the process did since the object was created.
   * @param stack of the user code, if user code runs
   * @param silentMs how long the process has not responded
   */
  cause(stack: string | undefined, silentMs: Millis): StallCause {
    if (stack !== undefined || silentMs > STARVED_AT_MOST_MS) return 'blocked';
    const after = this.reading();
    if (this.before === undefined || after === undefined) return 'blocked';
    if (after.state === 'R' || after.state === 'D') return 'starved';
    if (after.state !== 'S') return 'blocked';
    const usedMs = after.cpuMs - this.before.cpuMs;
    return usedMs > WORKING * (this.now() - this.sinceMs) ? 'starved' : 'blocked';
  }

  private reading(): ThreadReading | undefined {
    return this.pid === undefined ? undefined : this.read(this.pid);
  }
}

/** @returns undefined if the system does not report it: not Linux, or the process has ended */
export function readMainThread(pid: number): ThreadReading | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1');
    // The name, in parentheses, may contain anything. proc_pid_stat(5) describes the fields after
    // it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK };
  } catch {
    return undefined;
  }
}
