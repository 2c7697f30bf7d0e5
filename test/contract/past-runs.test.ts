// Stored runs are listed, found by name, read while being written, reported after their master
// died, and deleted.
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  createRunStore,
  deleteRun,
  findRun,
  listRuns,
  openRunStore,
  pruneRuns,
  readRun,
  type RunStore,
  type StoredRun,
} from '@drumline/master/store';
import { pastResult } from '@drumline/master/report';
import { readPastHistories, readPastWorkers } from '../../packages/master/dist/service/past-workers.js';
import { RunFile } from '../../packages/master/dist/store/run-file.js';
import { readSnapshot } from '../../packages/master/dist/store/snapshot.js';
import { sampleResult } from '../support/sample-result.js';
import { counted, storedRun, storedWorker } from '../support/stored-run.js';
import { tempProjects } from '../support/temp-project.js';
import { closeAfterEach } from './support/closing.js';

const folder = tempProjects();
const closing = closeAfterEach();

const clock = {
  startAtMs: 5,
  bootId: 'b',
  startedAt: '2026-01-01T00:00:00.000Z',
  pausedBeforeMs: 0,
};

/** The files of a run that a killed master leaves, in another data directory. */
async function unfinished(fields: Partial<StoredRun> = {}): Promise<string> {
  const store = await closing(createRunStore(folder({}), storedRun(fields)));
  await store.commit({
    deltas: [...counted(0, 5), ...counted(1, 7)],
    workers: [storedWorker({ requests: 12 })],
    users: [
      [0, 4],
      [1, 5],
    ],
  });
  const left = join(folder({}), 'runs', basename(store.path));
  mkdirSync(dirname(left));
  for (const part of ['', '-wal']) copyFileSync(store.path + part, left + part);
  return left;
}

const dataDirectoryOf = (path: string): string => dirname(dirname(path));

async function kept(directory: string, day: number, id: string, name = 'shop'): Promise<RunStore> {
  const store = await createRunStore(
    directory,
    storedRun({
      runId: `${id}-0000`,
      createdAt: `2026-01-0${day}T00:00:00.000Z`,
      scenario: `/x/${name}.ts`,
      state: 'finished',
      result: sampleResult({}),
    }),
  );
  await store.close();
  return store;
}

describe('a run that is being written', () => {
  test('can be read at any time, as of some commit, without effect on its writer', async () => {
    const store = await closing(createRunStore(folder({}), storedRun()));
    const names = Array.from({ length: 200 }, (_, i) => `/${i}`);
    let reads = 0;
    for (let second = 0; second < 12; second++) {
      const committed = store.commit({
        deltas: names.flatMap((name) => counted(second, 2, name)),
        run: { epoch: second },
      });
      const { run, deltas } = readRun(store.path);
      const seconds = [...deltas].map(({ second: at }) => at);
      expect(seconds).toEqual(seconds.map((_, index) => index));
      if (seconds.length > 0) expect(run.epoch).toBe(seconds.length - 1);
      reads += seconds.length;
      await committed;
    }
    expect(reads).toBeGreaterThan(0);
    expect([...readRun(store.path).deltas]).toHaveLength(12);
    expect(readdirSync(dirname(store.path)).filter((name) => name.endsWith('.db'))).toHaveLength(1);
  });

  test('is read again if its file changes meanwhile', () => {
    const file = RunFile.create(join(folder({}), 'run.db'), storedRun());
    const modified = (): bigint => statSync(file.path, { bigint: true }).mtimeNs;
    const names = Array.from({ length: 200 }, (_, i) => `/${i}`);
    let [second, tries] = [0, 0];
    const commit = (): unknown =>
      file.apply([{ deltas: names.flatMap((name) => counted(second, 20, name)), run: { epoch: second++ } }]);
    commit();
    const { requests, run } = readSnapshot(file.path, (read) => {
      // SQLite moves the log into the file every few megabytes.
      for (const before = modified(); tries === 0 && modified() === before;) commit();
      tries++;
      return read.summary();
    });
    file.close();
    expect(tries).toBe(2);
    expect([requests, run.epoch]).toEqual([20 * names.length * second, second - 1]);
  });

  test('is listed with its state and its counts', async () => {
    const directory = folder({});
    const store = await closing(createRunStore(directory, storedRun({ state: 'running', clock })));
    await store.commit({ deltas: counted(2, 5) });
    expect(listRuns(directory)).toMatchObject([
      { path: store.path, scenario: 'shop', state: 'running', requests: 5, failures: 1, durationMs: 3_000 },
    ]);
    expect(pastResult(store.path)).toMatchObject({
      run: { state: 'running', durationMs: 3_000 },
      totals: { requests: 5 },
      notes: [{ code: 'unfinished', message: expect.stringContaining('still in progress') }],
    });
  });

  test('cannot be deleted', async () => {
    const store = await closing(createRunStore(folder({}), storedRun()));
    expect(() => deleteRun(store.path)).toThrow(`process ${process.pid}`);
    await store.commit({ deltas: counted(0, 1) });
  });
});

describe('a run whose master died', () => {
  test('has a result of the committed counts, which states that it did not end and the last counted second', async () => {
    const path = await unfinished({ clock });
    expect(listRuns(dataDirectoryOf(path))).toMatchObject([
      { state: 'unfinished', requests: 12, failures: 2, durationMs: 2_000 },
    ]);
    const result = pastResult(path);
    expect(result).toMatchObject({
      run: { id: storedRun().runId, scenario: 'shop', state: 'unfinished', durationMs: 2_000 },
      verdict: 'failed',
      totals: { requests: 12, failures: 2 },
      timeline: [
        { users: 4, requests: 5 },
        { users: 5, requests: 7 },
      ],
      workers: [{ id: 'w1', requests: 12 }],
    });
    expect(result.notes.at(-1)!.message).toContain('did not end');
    expect(result.notes.at(-1)!.message).toContain('2026-01-01T00:00:02.000Z');
  });

  test('has its workers as stored, and empty histories if its file has none', async () => {
    const path = await unfinished({ clock });
    expect(await readPastWorkers(path)).toMatchObject([
      {
        id: 'w1',
        name: 'w1',
        host: 'box',
        pid: 1,
        state: 'running',
        requests: 12,
        cpuPercent: 50,
        memoryBytes: 5_000_000_000,
        lanes: [{ lane: 0, group: 'default', state: 'unknown', cpuPercent: 25, busyPercent: 0 }],
      },
    ]);
    expect(await readPastHistories(path, {})).toEqual({
      total: 1,
      workers: [{ id: 'w1', name: 'w1', stepSeconds: 1, points: [], changes: [] }],
    });
    await expect(readPastWorkers(`${path}.gone`)).rejects.toMatchObject({ exit: 'usage' });
  });

  test('has no result if it never started', async () => {
    const path = await unfinished({ state: 'gathering' });
    expect(() => pastResult(path)).toThrow('never started');
  });

  test('can be opened by another master with all its data', async () => {
    const { store, state } = await openRunStore(await unfinished());
    await closing(store);
    expect([...state.deltas]).toHaveLength(2);
  });
});

describe('a list of runs', () => {
  test('is empty in an empty directory', () => {
    expect(listRuns(join(folder({}), 'nowhere'))).toEqual([]);
  });

  test('has the newest run first, with the verdicts of ended runs, and names unreadable files', async () => {
    const directory = folder({});
    await kept(directory, 1, 'aaaaaaaa');
    await kept(directory, 3, 'cccccccc');
    const newer = await kept(directory, 2, 'bbbbbbbb');
    // The user version of SQLite's file format, section 1.3.
    const file = openSync(newer.path, 'r+');
    writeSync(file, Buffer.of(0, 0, 0, 99), 0, 4, 60);
    closeSync(file);
    writeFileSync(join(directory, 'runs', 'notes.db'), 'this is not a database, and never was one');
    const { run, totals, verdict } = sampleResult({});
    expect(listRuns(directory)).toMatchObject([
      { runId: 'cccccccc-0000', verdict, requests: totals.requests, durationMs: run.durationMs },
      { problem: expect.stringContaining('a newer Drumline wrote it (file version 99') },
      { runId: 'aaaaaaaa-0000' },
      { problem: expect.stringContaining('notes.db') },
    ]);
    await expect(openRunStore(newer.path)).rejects.toMatchObject({
      exit: 'usage',
      message: expect.stringContaining('a newer Drumline'),
    });
  });
});

describe('a run is found', () => {
  // Files are found by name; their content does not matter.
  const named = (
    ...names: readonly string[]
  ): { directory: string; readonly path: (name: string) => string } => {
    const directory = folder(Object.fromEntries(names.map((name) => [`runs/${name}.db`, ''])));
    return { directory, path: (name) => join(directory, 'runs', `${name}.db`) };
  };

  test('by its id or a prefix, by its file, by its scenario if that has one run, and as the latest', () => {
    const [first, second, third] = [
      '20260101T000000Z-shop-aaaa1111',
      '20260102T000000Z-shop-aaaa2222',
      '20260103T000000Z-web-shop-bbbb3333',
    ] as const;
    const { directory, path } = named(first, second, third, 'zzz');
    for (const [word, name] of [
      ['aaaa1', first],
      ['aaaa2222-0000-1111-2222-333333333333', second],
      [first, first],
      [`${second}.db`, second],
      ['web-shop', third],
      ['web-shop.ts', third],
      ['zzz', 'zzz'],
      ['latest', third],
    ] as const) {
      expect(findRun(directory, word)).toBe(path(name));
    }
  });

  test('or the error lists the candidates or reports that there is none', () => {
    expect(() => findRun(folder({}), 'latest')).toThrow('There are no runs in');
    const names = [1, 2, 3, 4, 5, 6, 7].map((day) => `2026010${day}T000000Z-shop-aaaa000${day}`);
    const { directory } = named(...names);
    expect(() => findRun(directory, 'aaaa')).toThrow(/matches 7 runs:\n.*aaaa0007\n[^]*and 2 more/);
    expect(() => findRun(directory, 'shop')).toThrow('matches 7 runs');
    // For display, a scenario name selects its newest run. An ambiguous id is still an error.
    const newest = listRuns(directory)[0]!.path;
    expect([findRun(directory, 'shop', 'newest'), findRun(directory, 'shop.ts', 'newest')]).toEqual([
      newest,
      newest,
    ]);
    expect(() => findRun(directory, 'aaaa', 'newest')).toThrow('matches 7 runs');
    expect(() => findRun(directory, 'cccc')).toThrow("There is no run 'cccc'");
  });
});

describe('runs are deleted', () => {
  test('with their accompanying files', async () => {
    const path = await unfinished();
    expect(deleteRun(path)).toBeGreaterThan(0);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test('except for the newest ones, those in progress, and files that are not runs', async () => {
    const [second, third, fourth] = [2, 3, 4].map((day) => `2026010${day}T000000Z-shop-aaaa000${day}.db`);
    const directory = folder({
      'runs/notes.db': 'mine',
      [`runs/${second}`]: 'old',
      [`runs/${third}`]: 'older',
      [`runs/${fourth}`]: 'oldest',
    });
    const old = await closing(createRunStore(directory, storedRun()));
    expect(pruneRuns(directory, 1)).toEqual({
      deleted: [
        { path: join(directory, 'runs', third!), bytes: 5 },
        { path: join(directory, 'runs', second!), bytes: 3 },
      ],
      inProgress: [old.path],
    });
    const left = readdirSync(join(directory, 'runs')).filter((name) => name.endsWith('.db'));
    expect(left.sort()).toEqual([basename(old.path), fourth, 'notes.db']);
  });
});
