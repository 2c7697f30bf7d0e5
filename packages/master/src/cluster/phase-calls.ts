import type { PhaseDone, RunPhase } from '@drumline/wire';
import type { WorkerRecord } from './registry.js';

interface PhaseCall {
  readonly order: RunPhase;
  readonly resolve: (done: PhaseDone | undefined) => void;
}

/** The `setup` and `teardown` that workers have been asked to run. */
export class PhaseCalls {
  private readonly pending = new Map<WorkerRecord, PhaseCall>();

  constructor(private readonly send: (worker: WorkerRecord, order: RunPhase) => void) {}

  /** Resolves when the worker is done; with nothing if it is lost before. */
  ask(worker: WorkerRecord, order: RunPhase): Promise<PhaseDone | undefined> {
    return new Promise((resolve) => {
      this.pending.set(worker, { order, resolve });
      this.send(worker, order);
    });
  }

  /** Asks once more if there is no answer yet: it may have been lost, or the order. */
  askAgain(worker: WorkerRecord): void {
    const call = this.pending.get(worker);
    if (call) this.send(worker, call.order);
  }

  /** Whether the worker has yet to answer. */
  awaits(worker: WorkerRecord): boolean {
    return this.pending.has(worker);
  }

  /** An answer; one that nobody asked for means nothing. */
  done(worker: WorkerRecord, done: PhaseDone): void {
    if (this.pending.get(worker)?.order.phase === done.phase) this.settle(worker, done);
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
