import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { DrumlineError, messageOf } from '@drumline/model';
import type { StoredPoint } from '../intervals/stored-counts.js';
import { whyUnwritable } from './problems.js';
import type { FileContents } from './run-file.js';
import type { RunStore, StoreChange } from './run-store.js';
import type { Problem, StoreAnswer, StoreOrder, StoreThreadData } from './store-messages.js';

interface Waiting {
  readonly id: number;
  readonly resolve: (corrected: readonly StoredPoint[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A run store whose work runs in `store-thread.ts`. The thread keeps the process alive only while a
 * commit waits.
 */
export class StoreClient implements RunStore {
  readonly path: string;
  private readonly thread: Worker;
  private readonly waiting: Waiting[] = [];
  private readonly ended: Promise<void>;
  private lastId = 0;
  private loopBefore: EventLoopUtilization | undefined;
  private end: DrumlineError | undefined;
  private opened!: { resolve: (contents: FileContents | undefined) => void; reject: (error: Error) => void };

  private constructor(data: StoreThreadData) {
    this.path = data.path;
    this.thread = new Worker(new URL('./store-thread.js', import.meta.url), { workerData: data });
    this.thread.on('message', (answer: StoreAnswer) => this.receive(answer));
    this.thread.on('error', (error) => this.fail(whyUnwritable(this.path, messageOf(error))));
    this.ended = new Promise((resolve) => {
      this.thread.on('exit', () => {
        this.fail(whyUnwritable(this.path, 'it has been closed'));
        resolve();
      });
    });
  }

  /**
   * @returns the store, and the contents of an existing file
   * @throws DrumlineError if the file cannot be created, is not a run, or is owned by another
   * master
   */
  static async start(
    data: StoreThreadData,
  ): Promise<{ store: StoreClient; contents: FileContents | undefined }> {
    const store = new StoreClient(data);
    const contents = await new Promise<FileContents | undefined>((resolve, reject) => {
      store.opened = { resolve, reject };
    });
    store.thread.unref();
    return { store, contents };
  }

  async commit(change: StoreChange): Promise<readonly StoredPoint[]> {
    if (this.end) throw this.end;
    const id = ++this.lastId;
    this.send({ kind: 'commit', id, change });
    this.thread.ref();
    return new Promise((resolve, reject) => this.waiting.push({ id, resolve, reject }));
  }

  takeBusy(): number {
    const { performance: thread } = this.thread;
    const now = thread.eventLoopUtilization();
    const { utilization } = this.loopBefore ? thread.eventLoopUtilization(now, this.loopBefore) : now;
    this.loopBefore = now;
    return utilization;
  }

  async close(): Promise<void> {
    this.thread.ref();
    if (!this.end) this.send({ kind: 'close' });
    await this.ended;
  }

  private send(order: StoreOrder): void {
    this.thread.postMessage(order);
  }

  private receive(answer: StoreAnswer): void {
    switch (answer.kind) {
      case 'opened':
        return this.opened.resolve(answer.contents);
      case 'failed':
        return this.opened.reject(errorOf(answer.problem));
      case 'committed':
        return this.settle(answer.upTo, answer.problem ? errorOf(answer.problem) : (answer.corrected ?? []));
    }
  }

  private settle(upTo: number, outcome: Error | readonly StoredPoint[]): void {
    while (this.waiting.length > 0 && this.waiting[0]!.id <= upTo) {
      const { resolve, reject } = this.waiting.shift()!;
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    }
    if (this.waiting.length === 0) this.thread.unref();
  }

  /** Rejects everything after the thread has ended. */
  private fail(error: DrumlineError): void {
    this.end ??= error;
    this.opened.reject(this.end);
    this.settle(this.lastId, this.end);
  }
}

function errorOf({ exit, message, hint }: Problem): DrumlineError {
  return new DrumlineError(exit, message, hint);
}
