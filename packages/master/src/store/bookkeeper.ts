import { messageOf } from '@drumline/model';
import type { WorkerRecord } from '../cluster/registry.js';
import type { RunRecord } from './run-record.js';
import type { RunStore } from './run-store.js';

/**
 * Has what changes of a run committed to its store, in groups: what comes while a commit is under way goes into the next one. What
 * a worker reported is acknowledged when the commit that holds it is through, so that it is either in the file or with the worker.
 * A store that fails is given up: the run goes on, and is acknowledged from memory. Its file stays ours until the end, when its result
 * is tried once more.
 */
export class Bookkeeper {
  private record: RunRecord | undefined;
  private store: RunStore | undefined;
  private next: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  private working: Promise<void> | undefined;
  private failed = false;

  /** @param onFailed hears once that the store has failed, and why */
  constructor(private readonly onFailed: (why: string) => void) {}

  /** Whether the run is committed to a file from which another master can resume it. */
  get isKeeping(): boolean {
    return this.record !== undefined && !this.failed;
  }

  /** Commits from now on to the store, which may still be being made; what changes before it is there waits for it. */
  open(record: RunRecord, store: Promise<RunStore>): void {
    this.record = record;
    this.working = this.begin(store);
    void this.saved();
  }

  /** Resolves when all that has happened so far is in the file, what this worker reported too; at once if there is no file. */
  saved(worker?: WorkerRecord): Promise<void> {
    if (!this.record) return Promise.resolve();
    if (worker) this.record.changed(worker);
    if (!this.next) {
      let resolve = (): void => {};
      const done = new Promise<void>((settle) => (resolve = settle));
      this.next = { done, resolve };
    }
    this.working ??= this.work();
    return this.next.done;
  }

  /** Commits what is left, and lets go of the file. */
  async close(): Promise<void> {
    await this.saved();
    // The result has all that a file lacks which failed; there may be room for it by now.
    if (this.failed) await this.store?.commit({ run: this.record!.present() }).catch(() => {});
    await this.store?.close();
    this.store = undefined;
  }

  private async begin(store: Promise<RunStore>): Promise<void> {
    try {
      this.store = await store;
    } catch (error) {
      this.giveUp(error);
    }
    await this.work();
  }

  private async work(): Promise<void> {
    while (this.next) {
      // What comes in the same turn of the event loop goes into the same commit.
      await new Promise((next) => setImmediate(next));
      const { resolve } = this.next;
      this.next = undefined;
      await this.commit();
      resolve();
    }
    this.working = undefined;
  }

  private async commit(): Promise<void> {
    const change = this.record!.take();
    if (this.failed || Object.keys(change).length === 0) return;
    try {
      this.record!.corrected((await this.store?.commit(change)) ?? []);
    } catch (error) {
      this.giveUp(error);
    }
  }

  private giveUp(error: unknown): void {
    this.failed = true;
    this.onFailed(messageOf(error));
  }
}
