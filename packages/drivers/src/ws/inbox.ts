import type { WsMessage } from './message.js';
import type { MessageTest } from './options.js';

/** A pending wait for a message. */
export interface Taker {
  /** Never throws. */
  readonly fits: MessageTest;
  /** Receives the matching message, once. */
  readonly take: (message: WsMessage) => void;
}

/**
 * The messages of a connection. Each goes to the first pending wait that it matches, or into the
 * queue.
 */
export class Inbox {
  readonly #takers = new Set<Taker>();
  readonly #backlog: WsMessage[] = [];
  #backlogBytes = 0;
  #dropped = 0;

  /**
   * @param limit the largest number of queued messages
   * @param maxBytes the largest total of queued bytes; 0 for no limit
   */
  constructor(
    private readonly limit: number,
    private readonly maxBytes: number,
  ) {}

  /** Messages dropped from the queue. */
  get dropped(): number {
    return this.#dropped;
  }

  deliver(message: WsMessage): void {
    for (const taker of this.#takers) {
      if (!taker.fits(message)) continue;
      this.#takers.delete(taker);
      taker.take(message);
      return;
    }
    this.#backlog.push(message);
    this.#backlogBytes += message.bytes().length;
    while (this.#isFull) this.#drop();
  }

  /** Takes the first queued message that matches. */
  takeNow(fits: MessageTest): WsMessage | undefined {
    const at = this.#backlog.findIndex(fits);
    return at === -1 ? undefined : this.#remove(at);
  }

  wait(taker: Taker): void {
    this.#takers.add(taker);
  }

  leave(taker: Taker): void {
    this.#takers.delete(taker);
  }

  get #isFull(): boolean {
    return this.#backlog.length > this.limit || (this.maxBytes > 0 && this.#backlogBytes > this.maxBytes);
  }

  #drop(): void {
    this.#remove(0);
    this.#dropped += 1;
  }

  #remove(at: number): WsMessage {
    const [message] = this.#backlog.splice(at, 1);
    this.#backlogBytes -= message!.bytes().length;
    return message!;
  }
}
