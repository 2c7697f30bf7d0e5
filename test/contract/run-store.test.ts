// A run file holds every commit once, and only one master writes it.
import { readdirSync, statSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Totals } from '@drumline/stats';
import {
  createRunStore,
  listRuns,
  openRunStore,
  readRun,
  type RunStore,
  type StoredState,
} from '@drumline/master/store';
import { ownerOf, takeOwnership } from '../../packages/master/dist/store/ownership.js';
import { loadSqlite } from '../../packages/master/dist/store/sqlite.js';
import { bootId } from '@drumline/wire';
import { closeAfterEach } from './support/closing.js';
import { tempProjects } from '../support/temp-project.js';
import { makeOlder } from '../support/older-run-file.js';
import { counted, storedRun, storedWorker } from '../support/stored-run.js';

const folder = tempProjects();
const closing = closeAfterEach();

const create = (): Promise<RunStore> => closing(createRunStore(folder({}), storedRun()));

/** The state that another master reads. */
async function reopened(store: RunStore): Promise<StoredState> {
  await store.close();
  const { store: next, state } = await openRunStore(store.path);
  await closing(next);
  return state;
}

function totalsOf({ deltas }: StoredState): ReturnType<Totals['snapshot']> {
  const totals = new Totals();
  for (const delta of deltas) totals.add(delta);
  return totals.snapshot();
}

describe('a run store', () => {
  test('returns the run, its workers and its users as last committed', async () => {
    const store = await create();
    const worker = storedWorker();
    const clock = {
      startAtMs: 123.25,
      bootId: 'b',
      startedAt: '2026-01-01T00:00:00.000Z',
      pausedBeforeMs: 0,
    };
    await store.commit({
      run: { state: 'gathering', epoch: 2, clock },
      workers: [worker],
      users: [[0, 5, 7, 2.5]],
    });
    await store.commit({
      run: { state: 'draining' },
      workers: [{ ...worker, mergedSeq: 2 }],
      users: [
        [0, 4, 7, 2.5],
        [1, 5, 8, 0],
      ],
    });
    const { run, workers, users } = await reopened(store);
    expect(run).toEqual(storedRun({ state: 'draining', epoch: 2, clock }));
    expect(workers).toEqual([{ ...worker, mergedSeq: 2 }]);
    expect(users).toEqual([
      [0, 4, 7, 2.5],
      [1, 5, 8, 0],
    ]);
  });

  test('returns how far the reports of a worker are, unless the worker was stored later', async () => {
    const store = await create();
    const worker = storedWorker();
    await store.commit({ workers: [{ ...worker, mergedSeq: 2, requests: 20 }] });
    await store.commit({ progress: [[worker.peer, 3, 30]] });
    await store.commit({ progress: [[worker.peer, 4, 44]] });
    await store.commit({ workers: [{ ...worker, mergedSeq: 3, requests: 30 }] });
    expect(readRun(store.path).workers).toEqual([{ ...worker, mergedSeq: 4, requests: 44 }]);
    await store.commit({ reset: true, workers: [{ ...worker, mergedSeq: 4, requests: 0 }] });
    const { workers } = await reopened(store);
    expect(workers).toEqual([{ ...worker, mergedSeq: 4, requests: 0 }]);
  });

  test('keeps the newest history of each worker, also after a reset', async () => {
    const store = await create();
    const bytes = (...all: number[]): Uint8Array => new Uint8Array(all);
    await store.commit({
      histories: [
        ['p1', bytes(1)],
        ['p2', bytes(2)],
      ],
    });
    await store.commit({ histories: [['p1', bytes(3, 4)]] });
    await store.commit({ reset: true });
    const { histories } = await reopened(store);
    expect(new Map(histories)).toEqual(
      new Map([
        ['p1', bytes(3, 4)],
        ['p2', bytes(2)],
      ]),
    );
  });

  test('keeps initial and later notes in order', async () => {
    const note = (message: string) => ({ code: 'lane-busy', message }) as const;
    const store = await closing(createRunStore(folder({}), storedRun({ notes: [['a', note('one')]] })));
    await store.commit({ notes: [['b', note('two')]] });
    await store.commit({
      notes: [
        ['a', note('three')],
        ['c', note('four')],
      ],
    });
    const { run } = await reopened(store);
    expect(run.notes.map(([key, { message }]) => [key, message])).toEqual([
      ['a', 'three'],
      ['b', 'two'],
      ['c', 'four'],
    ]);
  });

  test('sums the counts of workers for the same second, in any order of arrival', async () => {
    const store = await create();
    await Promise.all([1, 2, 3].map((requests) => store.commit({ deltas: counted(0, requests) })));
    await store.commit({ deltas: [...counted(1, 4), ...counted(0, 5)] });
    await store.commit({ deltas: counted(0, 6, '/other') });
    const state = await reopened(store);
    expect([...state.deltas].map(({ second }) => second)).toEqual([0, 1]);
    const { totals, series, errors } = totalsOf(state);
    expect(totals).toMatchObject({ requests: 21, failures: 6, bytesReceived: 420 });
    expect(series.map(({ key, requests }) => [key.name, requests])).toEqual([
      ['/', 15],
      ['/other', 6],
    ]);
    expect(errors.map(({ occurrences }) => occurrences)).toEqual([5, 1]);
  });

  test('discards earlier counts at a reset, but keeps those committed with it', async () => {
    const store = await create();
    await store.commit({ deltas: counted(0, 5), users: [[0, 5, 7, 2.5]] });
    await store.commit({ reset: true, run: { fromSecond: 1 }, deltas: counted(1, 2) });
    const state = await reopened(store);
    expect(totalsOf(state).totals.requests).toBe(2);
    expect(state.run.fromSecond).toBe(1);
    expect(state.users).toEqual([[0, 5, 7, 2.5]]);
  });

  test('has a size that depends on seconds and series, not on workers', async () => {
    const sizeWith = async (workers: number): Promise<number> => {
      const store = await create();
      for (let second = 0; second < 20; second++) {
        await Promise.all(
          Array.from({ length: workers }, () => store.commit({ deltas: counted(second, 20) })),
        );
      }
      await store.close();
      return statSync(store.path).size;
    };
    expect(await sizeWith(30)).toBeLessThan(1.5 * (await sizeWith(1)));
  });

  test('from a version without checkpoints is read and written like any other', async () => {
    const store = await create();
    await store.commit({ deltas: counted(0, 5), users: [[0, 5]] });
    await store.close();
    makeOlder(store.path, 1, counted(0, 5));
    expect(totalsOf(readRun(store.path)).totals.requests).toBe(5);
    expect(listRuns(dirname(dirname(store.path)))).toMatchObject([{ requests: 5, failures: 1 }]);
    const { store: next } = await openRunStore(store.path);
    await next.commit({ deltas: counted(1, 4) });
    expect(totalsOf(await reopened(next)).totals.requests).toBe(9);
  });

  test('begun before histories were stored has none, and gets them from the next master', async () => {
    const store = await create();
    await store.close();
    const db = new (loadSqlite().Database)(store.path);
    db.exec('PRAGMA locking_mode=EXCLUSIVE; DROP TABLE histories');
    db.close();
    expect(readRun(store.path).histories).toEqual([]);
    const { store: next } = await openRunStore(store.path);
    await next.commit({ histories: [['p1', new Uint8Array([1])]] });
    expect((await reopened(next)).histories).toEqual([['p1', new Uint8Array([1])]]);
  });

  test('is readable only by its owner, because it contains responses of targets', async () => {
    const { path } = await create();
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('rejects commits after it is closed', async () => {
    const store = await create();
    await store.close();
    await expect(store.commit({ run: { epoch: 2 } })).rejects.toMatchObject({
      exit: 'output-unwritable',
      message: expect.stringContaining('it has been closed'),
    });
  });

  test('rejects a second master while the first one lives, and names the first', async () => {
    const { path } = await create();
    await expect(openRunStore(path)).rejects.toMatchObject({
      exit: 'request-invalid',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  const here = { pid: process.pid, host: hostname(), bootId: bootId(), startedAt: 'another start' };
  test.each([
    ['its process has ended and another has the process id', here],
    ['the machine has rebooted', { ...here, bootId: 'an earlier one' }],
  ])('accepts the next master if %s', async (_, owner) => {
    const { path } = await claimedBy(owner);
    const { store } = await openRunStore(path);
    await store.close();
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });

  test('does not open while a master on another host may be writing, and names the file to remove', async () => {
    const { path, claim } = await claimedBy({ ...here, host: 'elsewhere' });
    await expect(openRunStore(path)).rejects.toMatchObject({
      exit: 'request-invalid',
      message: expect.stringContaining(`process ${process.pid} on elsewhere`),
      hint: expect.stringContaining(claim),
    });
  });

  test('accepts the next master when one on another host has not renewed its claim for a while', async () => {
    const { path } = await claimedBy({ ...here, host: 'elsewhere', renews: true });
    await expect(openRunStore(path)).rejects.toMatchObject({
      hint: expect.stringMatching(/lapses in \d+s/),
    });
    expect(ownerOf(path)).toMatchObject({ host: 'elsewhere' });
    await sleep(50);
    expect(ownerOf(path, 20)).toBeUndefined();
    takeOwnership(path, 20).release();
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });

  /** A run file with the claim of its owner. */
  async function claimedBy(owner: object): Promise<{ path: string; claim: string }> {
    const store = await create();
    await store.close();
    const { path } = store;
    const claim = `${path}.owner-1-00000000`;
    symlinkSync(JSON.stringify(owner), claim);
    return { path, claim };
  }
});
