import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DrumlineError, timesParts } from '@drumline/model';
import { mergeDeltas, type IntervalDelta } from '@drumline/stats';
import { decodeDelta, decodeValue, encodeDelta, encodeValue } from '@drumline/wire/stored';
import type { Database as Sqlite } from 'node-sqlite3-wasm';
import type { StoreChange, StoredRun, StoredWorker } from './run-store.js';
import { loadSqlite } from './sqlite.js';

/** Of the tables below. A newer Drumline raises it when an older one could no longer read the file. */
const SCHEMA_VERSION = 1;
/** Tells our files from other databases: "Drum". */
const APPLICATION_ID = 0x4472756d;

/**
 * The write-ahead log makes a commit one append and one fsync, and takes the file from commit to commit whatever is cut off in
 * between; the rollback journal would need two, and this build of SQLite does not find it again after a crash (it takes its own
 * lock for that of another). `synchronous=FULL` calls fsync for each commit: what is acknowledged survives the end of the process, and the
 * loss of power as far as the disk keeps its word; workers forget what is acknowledged, so that less would lose it. An exclusive lock is
 * what the log needs without shared memory; whose the file is, is told by `ownership.ts`.
 */
const PRAGMAS = 'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;';

const SCHEMA = `
  CREATE TABLE run(field TEXT PRIMARY KEY, value BLOB NOT NULL);
  CREATE TABLE workers(peer TEXT PRIMARY KEY, value BLOB NOT NULL);
  CREATE TABLE intervals(second INTEGER PRIMARY KEY, requests INTEGER NOT NULL, failures INTEGER NOT NULL, delta BLOB NOT NULL);
  CREATE TABLE users(second INTEGER PRIMARY KEY, users INTEGER NOT NULL);
  PRAGMA application_id=${APPLICATION_ID};
  PRAGMA user_version=${SCHEMA_VERSION};
`;

/** What a file holds; what was counted still encoded, one delta for each second. */
export interface FileContents {
  readonly run: StoredRun;
  readonly workers: readonly StoredWorker[];
  readonly deltas: readonly Uint8Array[];
  readonly users: readonly (readonly [second: number, users: number])[];
}

/** What a list of runs says, read without what was counted. */
export interface FileSummary {
  readonly run: Omit<StoredRun, 'bundle' | 'placement' | 'setupResult'>;
  readonly requests: number;
  readonly failures: number;
  /** The last second in which something was counted; -1 for none. */
  readonly lastSecond: number;
}

/** The SQLite file of one run. Everything here waits for the disk: the master has it in a thread of its own. */
export class RunFile {
  private constructor(
    readonly path: string,
    private readonly db: Sqlite,
  ) {}

  /** @param path of a file that is not there yet, in a directory that is; if it cannot be written, nothing is left of it */
  static create(path: string, run: StoredRun): RunFile {
    if (existsSync(path)) throw new DrumlineError('output-unwritable', `There is a run in ${path} already.`);
    const file = new RunFile(path, new (loadSqlite().Database)(path));
    try {
      file.db.exec(PRAGMAS + SCHEMA);
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
   * Opens the file of a run to write on; what a dead process left in the log is part of it. The caller owns the file.
   * @throws DrumlineError `usage` if it is no run, or one of a newer Drumline
   */
  static open(path: string): RunFile {
    // What the SQLite of a dead process left: this build locks by a directory.
    rmSync(`${path}.lock`, { recursive: true, force: true });
    return RunFile.checked(path, path, false);
  }

  /**
   * Opens a copy for reading.
   * @param path the original, for messages
   * @throws DrumlineError as `open`
   */
  static read(copy: string, path: string): RunFile {
    return RunFile.checked(copy, path, true);
  }

  private static checked(file: string, path: string, readOnly: boolean): RunFile {
    if (!existsSync(file)) throw new DrumlineError('usage', `There is no run in ${path}.`, LIST_THEM);
    let db: Sqlite | undefined;
    try {
      db = new (loadSqlite().Database)(file, { fileMustExist: true, readOnly });
      db.exec(readOnly ? 'PRAGMA locking_mode=EXCLUSIVE' : PRAGMAS);
      requireOurs(path, db);
      return new RunFile(path, db);
    } catch (error) {
      db?.close();
      if (error instanceof DrumlineError) throw error;
      throw unreadable(path, (error as Error).message);
    }
  }

  /** Writes all of these changes in one transaction, or none. */
  apply(changes: readonly StoreChange[]): void {
    this.db.exec('BEGIN');
    try {
      let deltas: IntervalDelta[] = [];
      for (const change of changes) {
        if (change.reset) {
          this.db.run('DELETE FROM intervals');
          deltas = [];
        }
        deltas.push(...(change.deltas ?? []));
        this.writeRun(change.run ?? {});
        this.writeWorkers(change.workers ?? []);
        this.writeUsers(change.users ?? []);
      }
      this.addDeltas(deltas);
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  contents(): FileContents {
    const rows = this.db.all('SELECT delta FROM intervals ORDER BY second');
    return {
      run: Object.fromEntries(this.runFields('')) as unknown as StoredRun,
      workers: this.db
        .all('SELECT value FROM workers ORDER BY rowid')
        .map(({ value }) => decodeValue(value as Uint8Array) as StoredWorker),
      deltas: rows.map(({ delta }) => delta as Uint8Array),
      users: this.db
        .all('SELECT second, users FROM users ORDER BY second')
        .map(({ second, users }) => [Number(second), Number(users)] as const),
    };
  }

  summary(): FileSummary {
    const totals = this.db.get(
      'SELECT total(requests) AS requests, total(failures) AS failures, coalesce(max(second), -1) AS last FROM intervals',
    )!;
    return {
      run: Object.fromEntries(
        this.runFields("WHERE field NOT IN ('bundle', 'placement', 'setupResult')"),
      ) as unknown as FileSummary['run'],
      requests: Number(totals['requests']),
      failures: Number(totals['failures']),
      lastSecond: Number(totals['last']),
    };
  }

  /** Leaves one file, with all of the log in it. */
  close(): void {
    this.db.close();
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

  private writeWorkers(workers: readonly StoredWorker[]): void {
    for (const worker of workers) {
      this.db.run(
        'INSERT INTO workers VALUES (?, ?) ON CONFLICT(peer) DO UPDATE SET value = excluded.value',
        [worker.peer, encodeValue(worker)],
      );
    }
  }

  private writeUsers(users: readonly (readonly [number, number])[]): void {
    for (const row of users) this.db.run('INSERT OR REPLACE INTO users VALUES (?, ?)', [...row]);
  }

  /** Merges with what is there of the same seconds, so that the file grows with seconds and series, not with workers. */
  private addDeltas(deltas: readonly IntervalDelta[]): void {
    const seconds = [...new Set(deltas.map(({ second }) => second))];
    const before = seconds
      .map((second) => this.db.get('SELECT delta FROM intervals WHERE second = ?', second))
      .filter((row) => row !== null)
      .map(({ delta }) => decodeDelta(delta as Uint8Array));
    for (const delta of mergeDeltas([...before, ...deltas])) {
      this.db.run('INSERT OR REPLACE INTO intervals VALUES (?, ?, ?, ?)', [
        delta.second,
        sumOf(delta, 'requests'),
        sumOf(delta, 'failures'),
        encodeDelta(delta),
      ]);
    }
  }
}

/** As `Totals` adds up. */
function sumOf({ series }: IntervalDelta, count: 'requests' | 'failures'): number {
  return series.reduce((sum, { key, [count]: more }) => sum + (timesParts(key) ? 0 : more), 0);
}

function requireOurs(path: string, db: Sqlite): void {
  const pragma = (name: string): number => Number(db.get(`PRAGMA ${name}`)![name]);
  if (pragma('application_id') !== APPLICATION_ID) throw unreadable(path, 'it is no file of Drumline’s');
  const version = pragma('user_version');
  if (version > SCHEMA_VERSION) {
    throw unreadable(
      path,
      `a newer Drumline wrote it (version ${version} of the file, this one knows ${SCHEMA_VERSION})`,
      'Use the Drumline that made the run, or a newer one.',
    );
  }
}

function unreadable(path: string, why: string, hint = LIST_THEM): DrumlineError {
  return new DrumlineError('usage', `The run in ${path} cannot be read: ${why}.`, hint);
}

const LIST_THEM = '`drumline runs` lists the runs that there are.';

/** Names in a directory outlive a loss of power only after this. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
