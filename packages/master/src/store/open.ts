import { writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import type { IntervalDelta } from '@drumline/stats';
import { makeDirectory } from '@drumline/wire/make-directory';
import { decodeDelta } from '@drumline/wire/stored';
import { decodeEvent } from './event-rows.js';
import { StoredKeys } from './interval-rows.js';
import { decodePage } from './points.js';
import type { StoredIntervals } from './read-intervals.js';
import type { FileContents } from './run-file.js';
import { readSnapshot } from './snapshot.js';
import type { StoredHistory } from '../intervals/stored-counts.js';
import type { RunStore, StoredRun, StoredState } from './run-store.js';
import { StoreClient } from './store-client.js';

/** The directory of the run files in a data directory. */
export function runsDirectory(dataDirectory: string): string {
  return join(resolve(dataDirectory), 'runs');
}

/**
 * Creates the file of a new run, `DIR/runs/TIME-SCENARIO-ID.db`, and missing directories.
 * @throws DrumlineError `output-unwritable`
 */
export async function createRunStore(dataDirectory: string, run: StoredRun): Promise<RunStore> {
  const directory = runsDirectory(dataDirectory);
  try {
    makeDirectory(directory);
    keepFromGit(dataDirectory);
  } catch (error) {
    throw new DrumlineError(
      'output-unwritable',
      `Runs cannot be stored in ${directory}: ${messageOf(error)}.`,
      'Pass a writable directory with --data-dir, or store nothing with --no-store.',
    );
  }
  const { store } = await StoreClient.start({ path: join(directory, fileNameOf(run)), run });
  return store;
}

/**
 * Opens the file of a run in order to resume it.
 * @throws DrumlineError `request-invalid` if a running master owns it; `usage` if it is not a run
 * or was written by a newer Drumline
 */
export async function openRunStore(path: string): Promise<{ store: RunStore; state: StoredState }> {
  const { store, contents } = await StoreClient.start({ path: resolve(path) });
  return { store, state: stateOf(contents!) };
}

/**
 * Reads a run without touching its file, even while a master writes it.
 * @throws DrumlineError `usage` if it is not a run or was written by a newer Drumline
 */
export function readRun(path: string): StoredState {
  return stateOf(readSnapshot(path, (file) => file.contents()));
}

export function stateOf({ run, workers, histories, shared, events, counted }: FileContents): StoredState {
  const keys = new StoredKeys(counted.keys);
  return {
    run,
    workers,
    histories,
    shared,
    events: events.map(decodeEvent),
    ...(counted.until > 0 && { history: historyOf(counted) }),
    deltas: decoded(counted.deltas, (row) => keys.deltaOf(row)),
    users: counted.users,
  };
}

function historyOf({ until, totals, pages }: StoredIntervals): StoredHistory {
  const points = pages.flatMap(([page, bytes]) => decodePage(page, bytes)).slice(0, until);
  return { until, totals: decoded(totals, decodeDelta), points };
}

/** Decodes lazily, while the deltas are read. */
function decoded<T>(stored: readonly T[], decode: (one: T) => IntervalDelta): Iterable<IntervalDelta> {
  return {
    *[Symbol.iterator]() {
      for (const one of stored) yield decode(one);
    },
  };
}

/** `20261122T070316Z-shop-3f2a9c01.db`: sorts by time. */
function fileNameOf({ createdAt, scenario, runId }: StoredRun): string {
  const time = new Date(createdAt).toISOString().replace(/[-:]|\.\d+/g, '');
  const name = basename(scenario, extname(scenario))
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 60);
  return `${time}-${name}-${runId.slice(0, 8)}.db`;
}

/** Excludes the data directory from Git, because runs contain responses of targets. */
function keepFromGit(dataDirectory: string): void {
  try {
    writeFileSync(join(dataDirectory, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
