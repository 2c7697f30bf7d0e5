import type { Millis } from '@drumline/model';

const ASK_EVERY_MS: Millis = 100;
/**
 * A link process of which nothing has come for so many questions in a row does not work any more.
 */
const MAX_UNANSWERED = 100;
/** Workers dial again within two seconds of a broken connection at the latest. */
const RECONNECT_WITHIN_MS: Millis = 3_000;

/**
 * Follows how far the master has read what came to its port, across the link process and the pipe:
 * a mark is sent down the pipe, and comes back behind what had arrived before it.
 */
export class ReadMark {
  private readUpToMs: Millis;
  /** When each mark that is on its way was sent, by its number. */
  private readonly sentMs = new Map<number, Millis>();
  private lastMark = 0;
  private unanswered = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Until then nothing can have come from workers that have yet to reconnect. */
  private reconnectedMs: Millis = -Infinity;

  /**
   * @param onStuck called if nothing comes any more, though the master itself has not stood still
   */
  constructor(
    private readonly send: (mark: Uint8Array) => void,
    private readonly onStuck: () => void,
    private readonly now: () => Millis = () => performance.now(),
  ) {
    this.readUpToMs = now();
  }

  /** The port is open. @param again whether workers have to reconnect to it */
  opened(again: boolean): void {
    const now = this.now();
    if (again) this.reconnectedMs = now + RECONNECT_WITHIN_MS;
    else this.readUpToMs = now;
    this.timer = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.ask();
  }

  /** The port is closed or its process has ended: marks in transit do not return. */
  closed(): void {
    clearInterval(this.timer);
    this.sentMs.clear();
    this.unanswered = 0;
  }

  /** A message has arrived. */
  heard(): void {
    this.unanswered = 0;
  }

  /** A mark has returned. */
  passed(mark: Buffer): void {
    const number = mark.readUInt32LE(0);
    const sentMs = this.sentMs.get(number);
    this.sentMs.delete(number);
    if (sentMs !== undefined && sentMs >= this.reconnectedMs) this.readUpToMs = sentMs;
  }

  /**
   * How long messages may have waited to be read; 0 if that is less than the time between marks.
   */
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
