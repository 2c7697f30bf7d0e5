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
  private sent = 0;
  private isClosed = false;

  constructor(private readonly send: (input: OutputInput) => void) {}

  push(input: OutputInput): void {
    if (this.isClosed) return this.drop(input);
    this.waiting.push(input);
    this.pump();
    if (this.waiting.length <= MOST_WAITING) return;
    const oldest = this.waiting.findIndex(({ type }) => type !== 'reset');
    for (const dropped of this.waiting.splice(Math.max(0, oldest), 1)) this.drop(dropped);
  }

  /** The thread has taken an input. */
  taken(): void {
    this.sent -= 1;
    this.pump();
  }

  /** Sends everything, because the run ends. */
  release(): void {
    this.sent = -Infinity;
    this.pump();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.isClosed = true;
    for (const input of this.waiting.splice(0)) this.drop(input);
  }

  private pump(): void {
    while (this.sent < MOST_SENT && this.waiting.length > 0) {
      this.sent += 1;
      this.send(this.waiting.shift()!);
    }
  }

  private drop({ type }: OutputInput): void {
    if (type === 'closed') this.droppedSeconds += 1;
  }
}
