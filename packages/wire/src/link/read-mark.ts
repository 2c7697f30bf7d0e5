import type { Millis } from '@drumline/model';

const ASK_EVERY_MS: Millis = 100;
/** After this number of marks without any message, the link process is considered stuck. */
const MAX_UNANSWERED = 100;
/** Workers reconnect within two seconds after a connection breaks; this leaves a margin. */
const RECONNECT_WITHIN_MS: Millis = 3_000;

/**
 * Measures up to which time the master has heard every peer, across the link process and the pipe.
 * A mark is sent to the link process. It returns after a message from every peer that had sent one
 * before.
 */
export class ReadMark {
  private readUpToMs: Millis;
  /** When each mark in transit was sent, by its number. */
  private readonly sentMs = new Map<number, Millis>();
  private lastMark = 0;
  private unanswered = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Before this time, workers may not have reconnected. */
  private reconnectedMs: Millis = -Infinity;

  /** @param onStuck called if no message arrives although the master itself was not blocked */
  constructor(
    private readonly send: (mark: Uint8Array) => void,
    private readonly onStuck: () => void,
    private readonly now: () => Millis = () => performance.now(),
  ) {
    this.readUpToMs = now();
  }

  /**
   * Notes that the port is open.
   * @param again whether workers must reconnect
   */
  opened(again: boolean): void {
    const now = this.now();
    if (again) this.reconnectedMs = now + RECONNECT_WITHIN_MS;
    else this.readUpToMs = now;
    this.timer = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.ask();
  }

  /** Notes that the port is closed or its process has ended: marks in transit do not return. */
  closed(): void {
    clearInterval(this.timer);
    this.sentMs.clear();
    this.unanswered = 0;
  }

  /** Notes that a message has arrived. */
  heard(): void {
    this.unanswered = 0;
  }

  /** Notes that a mark has returned. */
  passed(mark: Buffer): void {
    const number = mark.readUInt32LE(0);
    const sentMs = this.sentMs.get(number);
    this.sentMs.delete(number);
    if (sentMs !== undefined && sentMs >= this.reconnectedMs) this.readUpToMs = sentMs;
  }

  /** How long messages may have been waiting to be read; 0 if less than two intervals of marks. */
  get unreadForMs(): Millis {
    const behindMs = this.now() - this.readUpToMs;
    return behindMs < 2 * ASK_EVERY_MS ? 0 : behindMs;
  }

  private ask(): void {
    if (this.unanswered >= MAX_UNANSWERED) return this.onStuck();
    this.unanswered += 1;
    this.lastMark += 1;
    this.sentMs.set(this.lastMark, this.now());
    const mark = Buffer.alloc(4);
    mark.writeUInt32LE(this.lastMark, 0);
    this.send(mark);
  }
}
