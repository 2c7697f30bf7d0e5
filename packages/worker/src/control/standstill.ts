import { readFileSync } from 'node:fs';
import type { Millis } from '@drumline/model';
import { monotonicMs } from '../monotonic.js';

/**
 * Why a process does not answer. `blocked`: the scenario's code, a call into the system or a signal
 * holds it up. `starved`: it has more to do than it gets CPU for, and goes on by itself.
 */
export type Standstill = 'blocked' | 'starved';

/** The main thread of a process, as the system sees it. */
export interface ThreadReading {
  /**
   * `R`: runs, or waits for a CPU. `D`: waits for a disk. `S`: sleeps. `T`: was stopped by a
   * signal.
   */
  readonly state: string;
  /** CPU that it has used, milliseconds. */
  readonly cpuMs: number;
}

/** One that has used this part of a CPU meanwhile works. */
const WORKING = 0.1;
/** One that is starved for longer is taken for blocked: its users have waited long enough. */
const STARVED_AT_MOST_MS: Millis = 30_000;
/** `USER_HZ` of Linux. */
const MS_PER_TICK = 10;

/** A standstill of a process, from its first second on. */
export class StandstillCase {
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
   * Judges by what the process did since the case was opened.
   * @param stack of the scenario's code, where that is what runs
   * @param silentMs for how long it has not answered
   */
  cause(stack: string | undefined, silentMs: Millis): Standstill {
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

/** @returns nothing where the system does not tell: not Linux, or the process has ended */
export function readMainThread(pid: number): ThreadReading | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything. See proc_pid_stat(5) for the fields after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK };
  } catch {
    return undefined;
  }
}
