import { messageOf } from '@drumline/model';
import type { Participant } from '../allocation/participant.js';
import type { RunRecord } from './run-record.js';
import type { RunStore } from './run-store.js';

/**
 * Commits the changes of a run to its store, in groups: changes during a commit go into the next
 * one. A report is acknowledged after its commit, so it is always either in the file or with the
 * worker. If the store fails, the run continues in memory. The file stays open until the end, when
 * the result is committed once more.
 */
export class StoreWriter {
  private record: RunRecord | undefined;
  private store: RunStore | undefined;
  private next: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  private working: Promise<void> | undefined;
  private failed = false;

  /** @param onFailed called once when the store has failed, with the reason */
  constructor(private readonly onFailed: (why: string) => void) {}

  /** Whether another master can resume the run from its file. */
  get isKeeping(): boolean {
    return this.record !== undefined && !this.failed;
  }

  /** The run file; undefined if there is none yet. */
  get path(): string | undefined {
    return this.store?.path;
  }

  /** The share of the time since the last call in which the thread of the store was not idle. */
  takeBusy(): number {
    return this.store?.takeBusy?.() ?? 0;
  }

  /** Commits to the store from now on. Changes wait until the store exists. */
  open(record: RunRecord, store: Promise<RunStore>): void {
    this.record = record;
    this.working = this.begin(store);
    void this.saved();
  }

  /**
   * Resolves when all changes so far are committed, including the reports of these workers.
   * Resolves at once if there is no file.
   */
  saved(workers: readonly Participant[] = []): Promise<void> {
    if (!this.record) return Promise.resolve();
    for (const worker of workers) this.record.reported(worker);
    if (!this.next) {
      let resolve = (): void => {};
      const done = new Promise<void>((settle) => (resolve = settle));
      this.next = { done, resolve };
    }
    this.working ??= this.work();
    return this.next.done;
  }

  /** Marks a worker as changed, for the next commit. */
  changed(worker: Participant): void {
    this.record?.changed(worker);
  }

  /** Marks the history of a worker as changed, for the next commit. */
  changedHistory(worker: Participant): void {
    this.record?.changedHistory(worker);
  }

  /** Commits the remaining changes and closes the file. */
  async close(): Promise<void> {
    this.record?.closing();
    await this.saved();
    // The result contains everything that a failed store lacks, and there may be room for it by
    // now.
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
      // Changes in the same turn of the event loop go into the same commit.
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
