import type { Millis } from '@drumline/model';
import type { OutputInput } from './thread/messages.js';

/** Inputs that the thread has and has not yet taken. */
const MOST_SENT = 8;
/** About a minute: one closed interval each second, and some corrections. */
const MOST_WAITING = 60;

/**
 * What goes to the thread. While the thread is blocked, its inputs wait here, and beyond a limit
 * the oldest second is dropped. Resets are never dropped.
 */
export class InputQueue {
  /** Seconds that no output has got. */
  droppedSeconds = 0;
  private readonly waiting: OutputInput[] = [];
  private readonly sent: OutputInput[] = [];
  /** Since when the thread has taken nothing of what it has. */
  private idleSinceMs = 0;
  private mostSent = MOST_SENT;
  private isClosed = false;

  /** @param now milliseconds of a monotonic clock */
  constructor(
    private readonly send: (input: OutputInput) => void,
    private readonly now: () => Millis = () => performance.now(),
  ) {}

  /** How long the thread has taken nothing, although it has something to take. */
  get blockedMs(): Millis {
    return this.sent.length === 0 ? 0 : this.now() - this.idleSinceMs;
  }

  push(input: OutputInput): void {
    if (this.isClosed) return this.drop(input);
    this.waiting.push(input);
    this.pump();
    if (this.waiting.length <= MOST_WAITING) return;
    const oldest = this.waiting.findIndex(({ event }) => event.type !== 'reset');
    for (const dropped of this.waiting.splice(Math.max(0, oldest), 1)) this.drop(dropped);
  }

  /** The thread has taken an input. */
  taken(): void {
    this.sent.shift();
    this.idleSinceMs = this.now();
    this.pump();
  }

  /** The thread has died: what it had not taken is lost. The rest waits for another thread. */
  hold(): void {
    this.mostSent = 0;
    for (const input of this.sent.splice(0)) this.drop(input);
  }

  /** Another thread gets what waits. */
  resume(): void {
    this.mostSent = MOST_SENT;
    this.pump();
  }

  /** Sends everything, because the run ends. */
  release(): void {
    this.mostSent = Infinity;
    this.pump();
  }

  /** Nothing is sent any more, and what was not taken is lost. */
  close(): void {
    this.isClosed = true;
    for (const input of [...this.sent.splice(0), ...this.waiting.splice(0)]) this.drop(input);
  }

  private pump(): void {
    while (this.sent.length < this.mostSent && this.waiting.length > 0) {
      const input = this.waiting.shift()!;
      if (this.sent.length === 0) this.idleSinceMs = this.now();
      this.sent.push(input);
      this.send(input);
    }
  }

  private drop({ event }: OutputInput): void {
    if (event.type === 'closed') this.droppedSeconds += 1;
  }
}
