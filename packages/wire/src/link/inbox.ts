import type { Millis } from '@drumline/model';

/** A frame that has arrived but has not been read. */
interface Arrival {
  readonly peer: string;
  readonly frame: Uint8Array;
  readonly arrivedMs: Millis;
}

/** Frames that have arrived at an in-memory link. They are read in order, in later turns. */
export class Inbox {
  private readonly waiting: Arrival[] = [];
  private readonly next = (): void => this.readNext();

  /** @param msPerMessage time to read the next frame */
  constructor(
    private readonly read: (peer: string, frame: Uint8Array) => void,
    private readonly msPerMessage: () => Millis,
  ) {}

  push(peer: string, frame: Uint8Array): void {
    this.waiting.push({ peer, frame, arrivedMs: performance.now() });
    if (this.waiting.length === 1) this.schedule();
  }

  /** Age of the oldest waiting frame in milliseconds. */
  get unreadForMs(): Millis {
    const [first] = this.waiting;
    return first ? performance.now() - first.arrivedMs : 0;
  }

  /** Drops all waiting frames. */
  close(): void {
    this.waiting.length = 0;
  }

  private schedule(): void {
    const ms = this.msPerMessage();
    if (ms > 0) setTimeout(this.next, ms);
    else setImmediate(this.next);
  }

  private readNext(): void {
    const arrival = this.waiting.shift();
    if (!arrival) return;
    if (this.waiting.length > 0) this.schedule();
    this.read(arrival.peer, arrival.frame);
  }
}
