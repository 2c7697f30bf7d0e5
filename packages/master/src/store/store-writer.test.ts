import { describe, expect, test } from '@jest/globals';
import { StoreWriter } from './store-writer.js';
import type { RunRecord } from './run-record.js';
import type { RunStore, StoreChange } from './run-store.js';

/** A store that commits on request. */
class SlowStore implements RunStore {
  readonly path = 'memory';
  readonly commits: {
    change: StoreChange;
    resolve: () => void;
    reject: (error: Error) => void;
  }[] = [];
  closed = false;

  commit(change: StoreChange): Promise<[]> {
    return new Promise((resolve, reject) =>
      this.commits.push({ change, resolve: () => resolve([]), reject }),
    );
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** A record that always has a change. */
function restless(): RunRecord {
  let second = 0;
  return {
    take: () => ({ users: [[second++, 1]] }),
    present: () => ({ state: 'finished' }),
    changed: () => {},
    closing: () => {},
    reported: () => {},
    corrected: () => {},
  } as unknown as RunRecord;
}

const turns = async (count = 5): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function openBook(): { book: StoreWriter; store: SlowStore; failures: string[] } {
  const failures: string[] = [];
  const book = new StoreWriter((why) => failures.push(why));
  const store = new SlowStore();
  book.open(restless(), Promise.resolve(store));
  return { book, store, failures };
}

describe('the store writer', () => {
  test('commits changes that arrive during a commit together, and resolves only then', async () => {
    const { book, store } = openBook();
    const saved: string[] = [];
    void book.saved().then(() => saved.push('first'));
    await turns();
    void book.saved().then(() => saved.push('second'));
    void book.saved().then(() => saved.push('third'));
    await turns();
    expect([store.commits.length, saved]).toEqual([1, []]);
    store.commits[0]!.resolve();
    await turns();
    expect([store.commits.length, saved]).toEqual([2, ['first']]);
    store.commits[1]!.resolve();
    await turns();
    expect([store.commits.length, saved]).toEqual([2, ['first', 'second', 'third']]);
  });

  test('gives up a failed store once and acknowledges from memory', async () => {
    const { book, store, failures } = openBook();
    const first = book.saved();
    await turns();
    store.commits[0]!.reject(new Error('the disk is full'));
    await first;
    await book.saved();
    expect([failures, store.commits.length, store.closed]).toEqual([['the disk is full'], 1, false]);
  });

  test('tries once more to write the result to a failed store', async () => {
    const { book, store } = openBook();
    await turns();
    store.commits[0]!.reject(new Error('the disk is full'));
    const closed = book.close();
    await turns();
    expect(store.commits[1]!.change).toEqual({ run: { state: 'finished' } });
    store.commits[1]!.reject(new Error('still full'));
    await closed;
    expect(store.closed).toBe(true);
  });

  test('continues without a store that could not be created', async () => {
    const failures: string[] = [];
    const book = new StoreWriter((why) => failures.push(why));
    book.open(restless(), Promise.reject(new Error('no such directory')));
    await book.saved();
    await book.close();
    expect(failures).toEqual(['no such directory']);
  });

  test('commits remaining changes before it closes the file', async () => {
    const { book, store } = openBook();
    void book.saved();
    await turns();
    const closed = book.close();
    await turns();
    store.commits[0]!.resolve();
    await turns();
    expect(store.closed).toBe(false);
    store.commits[1]!.resolve();
    await closed;
    expect(store.closed).toBe(true);
  });
});
