import { lstatSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import { bootId } from '@drumline/wire';
import type { StoredClock } from './run-store.js';

/**
 * Time since the master of a run last wrote to its file. Uses the monotonic clock of the machine
 * until it reboots. After that, or on another machine, uses the clock of the file system.
 * @param knownUntil the last second of the run with any data in the file
 */
export function idleMsOf(path: string, clock: StoredClock | undefined, knownUntil: number): Millis {
  if (clock === undefined || clock.bootId === '' || clock.bootId !== bootId()) return untouchedMs(path);
  return Math.max(0, monotonicMs() - clock.startAtMs - (knownUntil + 1) * 1_000);
}

/** Time since a link was created or touched. */
export function linkAgeMs(path: string): Millis {
  return sinceMs(path, lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0);
}

/** Time since a file or its log was written. */
function untouchedMs(path: string): Millis {
  const times = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return sinceMs(path, Math.max(...times));
}

/** Measured by the clock of the file system. Never negative: that clock may step back. */
function sinceMs(path: string, timeMs: Millis): Millis {
  return Math.max(0, fileSystemNowMs(dirname(path)) - timeMs);
}

/**
 * The current time on the clock of the file system. A file server has its own clock, and the clock
 * of this machine may be wrong.
 */
function fileSystemNowMs(directory: string): Millis {
  try {
    const probe = mkdtempSync(join(directory, '.now-'));
    const { mtimeMs } = statSync(probe);
    rmdirSync(probe);
    return mtimeMs;
  } catch {
    // The directory is not writable.
    return Date.now();
  }
}
