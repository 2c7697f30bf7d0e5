import type { RunResult } from '@drumline/wire';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  DrumlineError,
  isRunOver,
  messageOf,
  type ExitName,
  type Millis,
  type RunState,
} from '@drumline/model';
import { incompleteMarkOf } from './incomplete.js';
import { ownerOf, removeClaims, takeOwnership } from './ownership.js';
import { runsDirectory } from './open.js';
import type { RunFile } from './run-file.js';
import { readSnapshot } from './snapshot.js';

/** A run of a data directory, for lists. */
export interface RunSummary {
  readonly path: string;
  readonly runId: string;
  readonly scenario: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** When its file was created, ISO 8601, UTC. */
  readonly createdAt: string;
  /** State of the run; `unfinished` if its master is gone and the run did not end. */
  readonly state: RunState | 'unfinished';
  /** Until the last second with results. */
  readonly durationMs: Millis;
  readonly requests: number;
  readonly failures: number;
  /** Absent while there is no result. */
  readonly verdict?: RunResult['verdict'];
  readonly exit?: ExitName;
  /** Size on disk. */
  readonly bytes: number;
}

/** A file among the runs that cannot be read, with the reason. */
export interface UnreadableRun {
  readonly path: string;
  readonly problem: string;
}

/**
 * Lists the runs of a data directory, the newest first; none if it does not exist. Runs in progress
 * show their current state.
 */
export function listRuns(dataDirectory: string): (RunSummary | UnreadableRun)[] {
  return runFiles(dataDirectory).map((path) => {
    try {
      return readSnapshot(path, (file) => summaryOf(path, file));
    } catch (error) {
      return { path, problem: messageOf(error) };
    }
  });
}

/**
 * Paths of the run files in a data directory, the newest first. Does not check whether they are
 * readable.
 */
export function runFiles(dataDirectory: string): string[] {
  const directory = runsDirectory(dataDirectory);
  return namesIn(directory)
    .filter((name) => name.endsWith('.db'))
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)))
    .map((name) => join(directory, name));
}

/** Whether a running process owns the run, as far as this machine can tell. */
export function isInProgress(path: string): boolean {
  return ownerOf(path) !== undefined;
}

export interface Pruning {
  readonly deleted: readonly { readonly path: string; readonly bytes: number }[];
  /** Old runs that were kept because they are in progress. */
  readonly inProgress: readonly string[];
}

/**
 * Deletes all but the newest runs. Keeps runs in progress, and files whose names are not those of
 * runs.
 * @throws DrumlineError `output-unwritable`
 */
export function pruneRuns(dataDirectory: string, keep: number): Pruning {
  const old = runFiles(dataDirectory)
    .filter((path) => timeOf(basename(path)) !== '')
    .slice(keep);
  const inProgress = old.filter(isInProgress);
  const deletable = old.filter((path) => !inProgress.includes(path));
  return { deleted: deletable.map((path) => ({ path, bytes: deleteRun(path) })), inProgress };
}

/**
 * Deletes a run with all files beside it.
 * @returns the freed space, bytes
 * @throws DrumlineError `request-invalid` if it is in progress, `output-unwritable`
 */
export function deleteRun(path: string): number {
  try {
    const claim = takeOwnership(path);
    const bytes = sizeOf(path);
    for (const part of ['', '-wal', '-journal', '.lock'])
      rmSync(path + part, { recursive: true, force: true });
    rmSync(incompleteMarkOf(path), { force: true });
    removeLog(path);
    claim.release();
    removeClaims(path);
    return bytes;
  } catch (error) {
    if (error instanceof DrumlineError) throw error;
    throw new DrumlineError('output-unwritable', `${path} cannot be deleted: ${messageOf(error)}`);
  }
}

/** Removes the log that an interrupted run has left for its next master. */
function removeLog(path: string): void {
  const id = /-([0-9a-f]{8})\.db$/.exec(path)?.[1];
  if (id === undefined) return;
  const directory = join(dirname(dirname(path)), 'logs');
  for (const name of namesIn(directory))
    if (name.startsWith(id)) rmSync(join(directory, name), { force: true });
}

function summaryOf(path: string, file: RunFile): RunSummary {
  const { run, requests, failures, lastSecond } = file.summary();
  const { result } = run;
  return {
    path,
    runId: run.runId,
    scenario: run.plan.name,
    ...(run.plan.labels && { labels: run.plan.labels }),
    createdAt: run.createdAt,
    state: isRunOver(run.state) || isInProgress(path) ? run.state : 'unfinished',
    durationMs: result ? result.run.durationMs : (lastSecond + 1) * 1_000,
    requests: result ? result.totals.requests : requests,
    failures: result ? result.totals.failures : failures,
    ...(result && { verdict: result.verdict, exit: result.exit as ExitName }),
    bytes: sizeOf(path),
  };
}

/**
 * The time at the start of a name that `open.ts` created. Empty for other files, which therefore
 * sort last.
 */
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
