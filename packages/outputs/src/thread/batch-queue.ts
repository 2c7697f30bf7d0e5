/** What an output is to send, and the second that it is about, if any. */
export interface QueuedBatch {
  readonly batch: unknown;
  readonly second: number | undefined;
  /** Of its event, if it is of one. */
  readonly position: number | undefined;
}

/** Seconds that are remembered, so that a correction of one that was lost is not counted again. */
const MOST_REMEMBERED = 600;

/** Batches that wait for a service. A full queue drops its oldest batch. */
export class BatchQueue {
  /** Seconds of which at least one batch was lost. */
  droppedSeconds = 0;
  private readonly waiting: QueuedBatch[] = [];
  private readonly dropped = new Set<number>();
  private wakeUp: (() => void) | undefined;

  constructor(private readonly most: number) {}

  push(entry: QueuedBatch): void {
    this.waiting.push(entry);
    if (this.waiting.length > this.most) this.lost(this.waiting.shift()!.second);
    this.wake();
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  takeFirst(): QueuedBatch | undefined {
    return this.waiting.shift();
  }

  /** Resolves when there may be a batch. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.wakeUp = resolve;
    });
  }

  wake(): void {
    this.wakeUp?.();
    this.wakeUp = undefined;
  }

  dropAll(): void {
    for (const { second } of this.waiting.splice(0)) this.lost(second);
  }

  /** Counts a second as lost, once. */
  lost(second: number | undefined): void {
    if (second === undefined || this.dropped.has(second)) return;
    this.droppedSeconds += 1;
    this.dropped.add(second);
    if (this.dropped.size > MOST_REMEMBERED) this.dropped.delete(this.dropped.values().next().value!);
  }
}
