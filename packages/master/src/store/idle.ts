import { lstatSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Millis } from '@drumline/model';
import { masterNowMs } from '../clock.js';
import { bootId } from '@drumline/wire';
import type { StoredClock } from './run-store.js';

/**
 * How long ago the master of a run last wrote to its file. As long as the machine has not been
 * started anew, its monotonic clock says so, wherever the wall clock went. After that, or on
 * another machine, the clock of the file system does.
 * @param knownUntil the last second of the run of which anything is in the file
 */
export function idleMsOf(path: string, clock: StoredClock | undefined, knownUntil: number): Millis {
  if (clock === undefined || clock.bootId === '' || clock.bootId !== bootId()) return untouchedMs(path);
  return Math.max(0, masterNowMs() - clock.startAtMs - (knownUntil + 1) * 1_000);
}

/** How long ago a link was made or touched. */
export function linkAgeMs(path: string): Millis {
  return sinceMs(path, lstatSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0);
}

/** How long ago a file or its log was written. */
function untouchedMs(path: string): Millis {
  const times = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return sinceMs(path, Math.max(...times));
}

/** By the clock of the file system. Never negative: that clock may have stepped back. */
function sinceMs(path: string, timeMs: Millis): Millis {
  return Math.max(0, fileSystemNowMs(dirname(path)) - timeMs);
}

/**
 * What the file system stamps new entries with. A server of files has a clock of its own, and that
 * of this process may be wrong.
 */
function fileSystemNowMs(directory: string): Millis {
  try {
    const probe = mkdtempSync(join(directory, '.now-'));
    const { mtimeMs } = statSync(probe);
    rmdirSync(probe);
    return mtimeMs;
  } catch {
    // A directory that cannot be written.
    return Date.now();
  }
}
