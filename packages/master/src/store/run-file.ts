import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DrumlineError, type SharedEntry } from '@drumline/model';
import type { IntervalDelta, RunHistory } from '@drumline/stats';
import { decodeValue, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import { CHECKPOINT_TERMS, Intervals } from './intervals.js';
import { INTERVALS_SCHEMA, INTERVALS_UPGRADE } from './interval-tables.js';
import {
  readIntervals,
  summarizeIntervals,
  type IntervalsSummary,
  type StoredIntervals,
} from './read-intervals.js';
import { readHistory } from './read-history.js';
import { readSeries, type StoredSeries } from './read-series.js';
import type { StoredPoint } from '../intervals/stored-counts.js';
import type { StoreChange, StoredRun, StoredWorker } from './run-store.js';
import { HISTORIES_UPGRADE, readHistories, writeHistories, type HistoryRow } from './history-rows.js';
import { EVENTS_UPGRADE, readEvents, writeEvents, type StoredEvent } from './event-rows.js';
import { readShared, SHARED_UPGRADE, writeShared } from './shared-rows.js';
import { NOTES_UPGRADE, withNotes, writeNotes } from './note-rows.js';
import { loadSqlite } from './sqlite.js';
import { readWorkers, WORKERS_SCHEMA, WORKERS_UPGRADE, writeProgress, writeWorkers } from './worker-rows.js';

/**
 * Version of the tables. A newer Drumline raises it when older ones can no longer read or safely
 * write the file.
 */
const SCHEMA_VERSION = 3;
/** Files have counts by series in intervals of ten seconds from this version on. */
const WITH_TIERS = 3;
/** Distinguishes run files from other databases: "Drum". */
const APPLICATION_ID = 0x4472756d;

/**
 * With the write-ahead log, a commit is one append and one fsync, and a crash never leaves half of
 * a commit. A rollback journal would need two fsyncs, and this build of SQLite does not find it
 * after a crash. `synchronous=FULL` calls fsync for each commit, so acknowledged reports survive a
 * power loss; workers discard them. The log needs an exclusive lock because there is no shared
 * memory. Ownership between processes is in `ownership.ts`.
 */
const PRAGMAS = 'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;';

const SCHEMA = `
  CREATE TABLE run(field TEXT PRIMARY KEY, value BLOB NOT NULL);
  ${WORKERS_SCHEMA}
  ${INTERVALS_SCHEMA}
  PRAGMA application_id=${APPLICATION_ID};
`;

/** Also upgrades the file of an older version. */
const UPGRADE = `${INTERVALS_UPGRADE}
  ${WORKERS_UPGRADE}
  ${SHARED_UPGRADE}
  ${EVENTS_UPGRADE}
  ${NOTES_UPGRADE}
  ${HISTORIES_UPGRADE}
  PRAGMA user_version=${SCHEMA_VERSION};`;

/** Contents of a file, with the counts still encoded. */
export interface FileContents {
  readonly run: StoredRun;
  readonly workers: readonly StoredWorker[];
  readonly shared: readonly SharedEntry[];
  readonly events: readonly StoredEvent[];
  readonly histories: readonly HistoryRow[];
  readonly counted: StoredIntervals;
}

/** The fields of a run that lists need. All but the result are small. */
type RunOutline = Omit<StoredRun, 'bundle' | 'placement' | 'setupResult'>;

/** What a list of runs shows, read without the counts. */
export interface FileSummary extends IntervalsSummary {
  readonly run: RunOutline;
}

/** What is needed to decide whether a run can be resumed. */
export interface FileHead {
  readonly run: Omit<StoredRun, 'result' | 'placement' | 'setupResult' | 'notes' | 'losses'>;
  /** The last second with any data; -1 for none. */
  readonly knownUntil: number;
}

/** The SQLite file of one run. All methods block on the disk, so the master uses it in a thread. */
export class RunFile {
  private intervalsOnce: Intervals | undefined;

  private constructor(
    readonly path: string,
    private readonly db: Sqlite,
    private readonly terms = CHECKPOINT_TERMS,
  ) {}

  /**
   * Creates a file. Leaves nothing behind if it fails. @param path of a new file in an existing
   * directory
   */
  static create(path: string, run: StoredRun, terms = CHECKPOINT_TERMS): RunFile {
    if (existsSync(path)) throw new DrumlineError('output-unwritable', `There is already a run in ${path}.`);
    const file = new RunFile(path, new (loadSqlite().Database)(path), terms);
    try {
      file.db.exec(`${PRAGMAS} BEGIN; ${SCHEMA} ${UPGRADE} COMMIT;`);
      file.apply([{ run }]);
      syncDirectory(dirname(path));
      return file;
    } catch (error) {
      file.close();
      for (const part of ['', '-wal']) rmSync(path + part, { force: true });
      throw error;
    }
  }

  /**
   * Opens the file of a run for writing, including what a dead process left in the log. The caller
   * must own the file.
   * @throws DrumlineError `usage` if it is not a run, or was written by a newer Drumline
   */
  static open(path: string, terms = CHECKPOINT_TERMS): RunFile {
    // SQLite locks with a directory in this build. A dead process may have left it.
    rmSync(`${path}.lock`, { recursive: true, force: true });
    return RunFile.checked(path, path, false, terms);
  }

  /**
   * Opens a copy for reading.
   * @param path the original, for messages
   * @throws DrumlineError as `open`
   */
  static read(copy: string, path: string): RunFile {
    return RunFile.checked(copy, path, true, CHECKPOINT_TERMS);
  }

  private static checked(
    file: string,
    path: string,
    readOnly: boolean,
    terms: typeof CHECKPOINT_TERMS,
  ): RunFile {
    if (!existsSync(file)) throw new DrumlineError('usage', `There is no run in ${path}.`, LIST_THEM);
    let db: Sqlite | undefined;
    try {
      db = new (loadSqlite().Database)(file, { fileMustExist: true, readOnly });
      db.exec(readOnly ? 'PRAGMA locking_mode=EXCLUSIVE' : PRAGMAS);
      requireOurs(path, db);
      if (!readOnly)
        db.exec(versionOf(db) < SCHEMA_VERSION ? `BEGIN; ${UPGRADE} COMMIT;` : HISTORIES_UPGRADE);
      return new RunFile(path, db, terms);
    } catch (error) {
      db?.close();
      if (error instanceof DrumlineError) throw error;
      throw unreadable(path, (error as Error).message);
    }
  }

  /**
   * Writes all changes in one transaction, or none.
   * @returns the changed points of seconds that are already in the checkpoint
   */
  apply(changes: readonly StoreChange[]): StoredPoint[] {
    this.db.exec('BEGIN');
    try {
      const { intervals } = this;
      let deltas: IntervalDelta[] = [];
      for (const change of changes) {
        if (change.reset) {
          intervals.reset();
          deltas = [];
        }
        deltas.push(...(change.deltas ?? []));
        this.writeRun(change.run ?? {});
        writeNotes(this.db, change.notes ?? []);
        writeWorkers(this.db, change.workers ?? []);
        writeProgress(this.db, change.progress ?? []);
        writeHistories(this.db, change.histories ?? []);
        writeShared(this.db, change.shared ?? []);
        if (change.events) writeEvents(this.db, change.events);
        if (change.run?.result) this.db.exec('DELETE FROM events');
        intervals.ran(change.users ?? []);
      }
      const corrected = intervals.add(deltas);
      intervals.advance();
      this.db.exec('COMMIT');
      intervals.committed();
      return corrected;
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.intervalsOnce?.rolledBack();
      throw error;
    }
  }

  contents(): FileContents {
    return {
      run: withNotes(
        Object.fromEntries(this.runFields('')) as unknown as StoredRun,
        this.db,
        versionOf(this.db),
      ),
      ...this.workers(),
      shared: readShared(this.db, versionOf(this.db)),
      events: readEvents(this.db, versionOf(this.db)),
      counted: readIntervals(this.db, versionOf(this.db)),
    };
  }

  /** The result, if the run has one. */
  result(): StoredRun['result'] {
    const [field] = this.runFields("WHERE field = 'result'");
    return field?.[1] as StoredRun['result'];
  }

  /** The workers and their histories. */
  workers(): Pick<FileContents, 'workers' | 'histories'> {
    return { workers: readWorkers(this.db, versionOf(this.db)), histories: readHistories(this.db) };
  }

  /** The counts over the time of the run. Iterate before the file is closed. */
  history(): RunHistory {
    return readHistory(this.db, versionOf(this.db) >= WITH_TIERS);
  }

  /** The counts of some series from a second on. Iterate before the file is closed. */
  series(ids: ReadonlySet<string>, from: number): StoredSeries {
    return readSeries(this.db, ids, from);
  }

  /** What is needed to decide whether a run can be resumed. */
  head(): FileHead {
    return {
      run: Object.fromEntries(
        this.runFields("WHERE field NOT IN ('result', 'placement', 'setupResult', 'notes', 'losses')"),
      ) as unknown as FileHead['run'],
      knownUntil: summarizeIntervals(this.db, versionOf(this.db)).knownUntil,
    };
  }

  /** Reads a summary. Takes no longer for a long run than for a short one. */
  summary(): FileSummary {
    return {
      run: Object.fromEntries(
        this.runFields("WHERE field NOT IN ('bundle', 'placement', 'setupResult')"),
      ) as unknown as RunOutline,
      ...summarizeIntervals(this.db, versionOf(this.db)),
    };
  }

  /** Closes the file and merges the log into it. */
  close(): void {
    this.db.close();
  }

  private get intervals(): Intervals {
    return (this.intervalsOnce ??= new Intervals(this.db, () => this.maxSeries, this.terms));
  }

  private get maxSeries(): number {
    const [plan] = this.runFields("WHERE field = 'plan'");
    return (plan![1] as StoredRun['plan']).maxSeries;
  }

  private runFields(where: string): [string, unknown][] {
    return this.db
      .all(`SELECT field, value FROM run ${where}`)
      .map(({ field, value }) => [field as string, decodeValue(value as Uint8Array)]);
  }

  private writeRun(fields: Partial<StoredRun>): void {
    for (const [field, value] of Object.entries(fields)) {
      if (value === undefined) this.db.run('DELETE FROM run WHERE field = ?', field);
      else this.db.run('INSERT OR REPLACE INTO run VALUES (?, ?)', [field, encodeValue(value)]);
    }
  }
}

function versionOf(db: Sqlite): number {
  return Number(db.get('PRAGMA user_version')!['user_version']);
}

function requireOurs(path: string, db: Sqlite): void {
  const pragma = (name: string): number => Number(db.get(`PRAGMA ${name}`)![name]);
  if (pragma('application_id') !== APPLICATION_ID) throw unreadable(path, 'it is not a Drumline run file');
  const version = pragma('user_version');
  if (version > SCHEMA_VERSION) {
    throw unreadable(
      path,
      `a newer Drumline wrote it (file version ${version}; this version supports ${SCHEMA_VERSION})`,
      'Use the version of Drumline that wrote the run, or a newer one.',
    );
  }
}

function unreadable(path: string, why: string, hint = LIST_THEM): DrumlineError {
  return new DrumlineError('usage', `The run in ${path} cannot be read: ${why}.`, hint);
}

const LIST_THEM = '`drumline runs` lists all runs.';

/** Syncs a directory. Otherwise a new file name may not survive a power loss. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
