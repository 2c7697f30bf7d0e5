import {
  batchSize,
  MAX_SHARED_OPS,
  type SharedAnswer,
  type SharedBatch,
  type SharedOp,
} from '@drumline/model';

interface Asked {
  readonly op: SharedOp;
  readonly resolve: (answer: SharedAnswer) => void;
}

/** Asks for state that the lanes of a run share. */
export interface SharedClient {
  /**
   * Applies an operation, in the order of the calls. It takes a message to the master and a commit
   * there, or longer while the master is away. Never rejects.
   */
  ask<A extends SharedAnswer>(op: SharedOp): Promise<A>;
  /** Calls `listener` when what a key stands for may have changed. Hints may be lost. */
  onWake(key: string, listener: () => void): void;
}

/**
 * The lane's end of shared state. While a batch is under way, further operations are collected for
 * the next one.
 */
export class LaneShared implements SharedClient {
  private readonly listeners = new Map<string, () => void>();
  private waiting: Asked[] = [];
  private underWay: readonly Asked[] | undefined;
  private isScheduled = false;
  private seq = 0;

  constructor(private readonly send: (batch: SharedBatch) => void) {}

  ask<A extends SharedAnswer>(op: SharedOp): Promise<A> {
    return new Promise((resolve) => {
      this.waiting.push({ op, resolve: resolve as Asked['resolve'] });
      this.schedule();
    });
  }

  onWake(key: string, listener: () => void): void {
    this.listeners.set(key, listener);
  }

  /** Receives the answers to the batch under way. */
  answer(seq: number, answers: readonly unknown[]): void {
    const { underWay } = this;
    if (!underWay || seq !== this.seq) return;
    this.underWay = undefined;
    for (const [index, { resolve }] of underWay.entries()) resolve(answers[index] as SharedAnswer);
    if (this.waiting.length > 0) this.schedule();
  }

  wake(keys: readonly string[]): void {
    for (const key of keys) this.listeners.get(key)?.();
  }

  /** Sends what is asked in this turn of the event loop as one batch. */
  private schedule(): void {
    if (this.underWay || this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      const next = this.waiting.slice(0, MAX_SHARED_OPS).map(({ op }) => op);
      const batch = this.waiting.splice(0, batchSize(next));
      this.underWay = batch;
      this.seq += 1;
      this.send({ seq: this.seq, ops: batch.map(({ op }) => op) });
    });
  }
}
