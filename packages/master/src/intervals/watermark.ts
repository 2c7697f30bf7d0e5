import type { Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Participant } from '../allocation/participant.js';

/** A second closes at the latest this long after its end, if all messages have been read. */
const LAG_MS: Millis = 600;
/** If messages wait to be read, it closes later, but at most by this much. */
const MAX_UNREAD_MS: Millis = 3_000;
const CHECK_UNREAD_MS: Millis = 50;
/** A timer may fire this much too early. */
const TIMER_EARLY_MS: Millis = 1;

export interface WatermarkParts {
  /** The start of the run, on the monotonic clock. */
  readonly startAtMs: Millis;
  /** The workers that owe reports at present. */
  readonly workers: () => readonly Participant[];
  /** How long messages may have waited to be read. */
  readonly unreadForMs: () => Millis;
  /** Called for each second, in order. */
  readonly close: (second: number) => void;
}

/**
 * Decides when a second of the run closes: when every present worker has reported everything of it,
 * or after a bounded lag.
 */
export class Watermark {
  /** The second that closes next. */
  private next: number;
  /** The newest second that each worker has reported completely. */
  private readonly through = new WeakMap<Participant, number>();
  /** The workers that have not reported the next second. */
  private behind = new Set<Participant>();
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly parts: WatermarkParts,
    fromSecond: number,
    private readonly now: () => Millis = monotonicMs,
  ) {
    this.next = fromSecond;
    this.await();
  }

  /** The newest closed second; -1 before the first. */
  get closedThrough(): number {
    return this.next - 1;
  }

  /** The newest second that all these workers have reported completely; `Infinity` without any. */
  reportedThrough(workers: readonly Participant[]): number {
    return workers.reduce((least, worker) => Math.min(least, this.through.get(worker) ?? -1), Infinity);
  }

  /** A worker has reported everything up to this second. */
  reported(worker: Participant, second: number): void {
    if (second <= (this.through.get(worker) ?? -1)) return;
    this.through.set(worker, second);
    if (second >= this.next && this.behind.delete(worker)) this.closeIfComplete();
  }

  /** A worker reports nothing more, at least for now. */
  gone(worker: Participant): void {
    if (this.behind.delete(worker)) this.closeIfComplete();
  }

  /** Closes all seconds up to this one, and no more after it. */
  end(lastSecond: number): void {
    clearTimeout(this.timer);
    this.isOver = true;
    while (this.next <= lastSecond) this.closeNext();
  }

  private await(): void {
    if (this.isOver) return;
    const workers = this.parts.workers();
    this.behind = new Set(workers.filter((worker) => (this.through.get(worker) ?? -1) < this.next));
    const isComplete = this.behind.size === 0 && workers.length > 0;
    this.closeAt(isComplete ? this.endMs : this.endMs + LAG_MS);
  }

  /** End of the next second, on the monotonic clock. */
  private get endMs(): Millis {
    return this.parts.startAtMs + (this.next + 1) * 1_000;
  }

  private closeAt(atMs: Millis): void {
    clearTimeout(this.timer);
    // Read messages that have already arrived first.
    const look = (): void => void setImmediate(() => this.closeIfRead(atMs));
    this.timer = setTimeout(look, Math.max(0, atMs - this.now()));
  }

  private closeIfRead(dueMs: Millis): void {
    if (this.isOver || dueMs < this.endMs) return;
    const now = this.now();
    const isRead = now - this.parts.unreadForMs() >= dueMs - TIMER_EARLY_MS;
    if (isRead || now >= dueMs + MAX_UNREAD_MS) return this.closeAndAwait();
    this.timer = setTimeout(() => this.closeIfRead(dueMs), CHECK_UNREAD_MS);
  }

  private closeIfComplete(): void {
    if (this.behind.size > 0) return;
    if (this.now() >= this.endMs) this.closeAndAwait();
    else this.closeAt(this.endMs);
  }

  private closeAndAwait(): void {
    this.closeNext();
    this.await();
  }

  private closeNext(): void {
    const second = this.next;
    this.next += 1;
    this.parts.close(second);
  }
}
