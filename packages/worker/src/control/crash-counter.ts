import type { Millis } from '@drumline/model';

/** A lane that crashes this often within a minute is not restarted. */
const MAX_CRASHES = 5;
const CRASH_WINDOW_MS: Millis = 60_000;

/** Counts the recent crashes of each lane. */
export class CrashCounter {
  private readonly crashes = new Map<number, readonly Millis[]>();

  /** Counts a crash. @returns how many there were within a minute, and whether they are too many */
  count(lane: number, nowMs: Millis): { readonly recent: number; readonly tooMany: boolean } {
    const before = this.crashes.get(lane) ?? [];
    const recent = [...before, nowMs].filter((atMs) => nowMs - atMs < CRASH_WINDOW_MS);
    this.crashes.set(lane, recent);
    return { recent: recent.length, tooMany: recent.length >= MAX_CRASHES };
  }
}
