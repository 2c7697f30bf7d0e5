import type { RunResult } from '@drumline/wire';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DrumlineError, messageOf, type ExitName, type Millis, type RunState } from '@drumline/model';
import { incompleteMarkOf } from './incomplete.js';
import { ownerOf, removeClaims, takeOwnership } from './ownership.js';
import { runsDirectory } from './open.js';
import type { RunFile } from './run-file.js';
import { readSnapshot } from './snapshot.js';

/** A run of a data directory, as a list shows it. */
export interface RunSummary {
  readonly path: string;
  readonly runId: string;
  /** The scenario's name. */
  readonly scenario: string;
  /** When its store was made, ISO 8601, UTC. */
  readonly createdAt: string;
  /** The run's; `unfinished` if its master is gone and it did not end. */
  readonly state: RunState | 'unfinished';
  /** Up to the last second that counts. */
  readonly durationMs: Millis;
  readonly requests: number;
  readonly failures: number;
  /** Absent as long as there is no result. */
  readonly verdict?: RunResult['verdict'];
  readonly exit?: ExitName;
  /** What the run takes on the disk. */
  readonly bytes: number;
}

/** A file among the runs that cannot be read, and why. */
export interface UnreadableRun {
  readonly path: string;
  readonly problem: string;
}

const OVER: readonly RunState[] = ['finished', 'aborted', 'failed'];

/** The runs of a data directory, the newest first; none if it is not there. Runs in progress are read as they are now. */
export function listRuns(dataDirectory: string): (RunSummary | UnreadableRun)[] {
  return runFiles(dataDirectory).map((path) => {
    try {
      return readSnapshot(path, (file) => summaryOf(path, file));
    } catch (error) {
      return { path, problem: messageOf(error) };
    }
  });
}

/** Paths of the files of a data directory, the newest first; whether they can be read is another matter. */
export function runFiles(dataDirectory: string): string[] {
  const directory = runsDirectory(dataDirectory);
  return namesIn(directory)
    .filter((name) => name.endsWith('.db'))
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)))
    .map((name) => join(directory, name));
}

/** Whether a run belongs to a process that lives, as far as can be seen from here. */
export function isInProgress(path: string): boolean {
  return ownerOf(path) !== undefined;
}

/** What `pruneRuns` did. */
export interface Pruning {
  readonly deleted: readonly { readonly path: string; readonly bytes: number }[];
  /** Runs that are old enough, but in progress. */
  readonly spared: readonly string[];
}

/**
 * Deletes all but the newest runs. Those in progress stay, and so do files that are not named as runs are.
 * @throws DrumlineError `output-unwritable`
 */
export function pruneRuns(dataDirectory: string, keep: number): Pruning {
  const old = runFiles(dataDirectory)
    .filter((path) => timeOf(basename(path)) !== '')
    .slice(keep);
  const spared = old.filter(isInProgress);
  const doomed = old.filter((path) => !spared.includes(path));
  return { deleted: doomed.map((path) => ({ path, bytes: deleteRun(path) })), spared };
}

/**
 * Deletes a run with everything that lies beside its file.
 * @returns what that freed, bytes
 * @throws DrumlineError `request-invalid` if it is in progress, `output-unwritable`
 */
export function deleteRun(path: string): number {
  try {
    const claim = takeOwnership(path);
    const bytes = sizeOf(path);
    for (const part of ['', '-wal', '-journal', '.lock'])
      rmSync(path + part, { recursive: true, force: true });
    rmSync(incompleteMarkOf(path), { force: true });
    claim.release();
    removeClaims(path);
    return bytes;
  } catch (error) {
    if (error instanceof DrumlineError) throw error;
    throw new DrumlineError('output-unwritable', `${path} cannot be deleted: ${messageOf(error)}`);
  }
}

function summaryOf(path: string, file: RunFile): RunSummary {
  const { run, requests, failures, lastSecond } = file.summary();
  const { result } = run;
  return {
    path,
    runId: run.runId,
    scenario: run.plan.name,
    createdAt: run.createdAt,
    state: OVER.includes(run.state) || isInProgress(path) ? run.state : 'unfinished',
    durationMs: result ? result.run.durationMs : (lastSecond + 1) * 1_000,
    requests: result ? result.totals.requests : requests,
    failures: result ? result.totals.failures : failures,
    ...(result && { verdict: result.verdict, exit: result.exit as ExitName }),
    bytes: sizeOf(path),
  };
}

/** As `open.ts` begins names with it; files that were named by someone else come last. */
function timeOf(name: string): string {
  return /^\d{8}T\d{6}Z/.exec(name)?.[0] ?? '';
}

function sizeOf(path: string): number {
  return [path, `${path}-wal`].reduce(
    (sum, part) => sum + (statSync(part, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
