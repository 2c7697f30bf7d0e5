import type { PhaseDone, RunPhase } from '@drumline/wire';
import type { Participant } from './participant.js';

interface PhaseCall {
  readonly order: RunPhase;
  readonly resolve: (done: PhaseDone | undefined) => void;
}

/** Pending calls of `setup` and `teardown` on workers. */
export class PhaseCalls {
  private readonly pending = new Map<Participant, PhaseCall>();

  constructor(private readonly send: (worker: Participant, order: RunPhase) => void) {}

  /** Resolves when the worker is done; with undefined if it is lost before. */
  ask(worker: Participant, order: RunPhase): Promise<PhaseDone | undefined> {
    return new Promise((resolve) => {
      this.pending.set(worker, { order, resolve });
      this.send(worker, order);
    });
  }

  /** Repeats the order if it is unanswered, as the order or the answer may be lost. */
  askAgain(worker: Participant): void {
    const call = this.pending.get(worker);
    if (call) this.send(worker, call.order);
  }

  awaits(worker: Participant): boolean {
    return this.pending.has(worker);
  }

  /** Resolves the pending call. Ignores answers without one. */
  done(worker: Participant, done: PhaseDone): void {
    if (this.pending.get(worker)?.order.phase === done.phase) this.settle(worker, done);
  }

  lost(worker: Participant): void {
    this.settle(worker, undefined);
  }

  private settle(worker: Participant, done: PhaseDone | undefined): void {
    const call = this.pending.get(worker);
    this.pending.delete(worker);
    call?.resolve(done);
  }
}
