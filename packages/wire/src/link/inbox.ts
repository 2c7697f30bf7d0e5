import type { Millis } from '@drumline/model';

/** A frame that has arrived and has not been read. */
interface Arrival {
  readonly peer: string;
  readonly frame: Uint8Array;
  readonly arrivedMs: Millis;
}

/** What has arrived at an in-memory link: read in its order, on later turns of the event loop. */
export class Inbox {
  private readonly waiting: Arrival[] = [];
  private readonly next = (): void => this.readNext();

  /** @param msPerMessage how long it takes to read the next one */
  constructor(
    private readonly read: (peer: string, frame: Uint8Array) => void,
    private readonly msPerMessage: () => Millis,
  ) {}

  push(peer: string, frame: Uint8Array): void {
    this.waiting.push({ peer, frame, arrivedMs: performance.now() });
    if (this.waiting.length === 1) this.schedule();
  }

  /** For how long the first that waits has waited, milliseconds. */
  get unreadForMs(): Millis {
    const [first] = this.waiting;
    return first ? performance.now() - first.arrivedMs : 0;
  }

  /** Nothing more is read. */
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
