import type { PhaseDone } from '@drumline/wire';
import type { WorkerRecord } from './registry.js';

type Phase = PhaseDone['phase'];

/** The `setup` and `teardown` that workers have been asked to run. */
export class PhaseCalls {
  private readonly pending = new Map<
    WorkerRecord,
    { phase: Phase; resolve: (done: PhaseDone | undefined) => void }
  >();

  /** Resolves when the worker is done; with nothing if it is lost before. */
  await(worker: WorkerRecord, phase: Phase): Promise<PhaseDone | undefined> {
    return new Promise((resolve) => this.pending.set(worker, { phase, resolve }));
  }

  /** An answer; one that nobody asked for means nothing. */
  done(worker: WorkerRecord, done: PhaseDone): void {
    if (this.pending.get(worker)?.phase === done.phase) this.settle(worker, done);
  }

  lost(worker: WorkerRecord): void {
    this.settle(worker, undefined);
  }

  private settle(worker: WorkerRecord, done: PhaseDone | undefined): void {
    const call = this.pending.get(worker);
    this.pending.delete(worker);
    call?.resolve(done);
  }
}
