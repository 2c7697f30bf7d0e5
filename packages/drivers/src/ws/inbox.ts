import type { WsMessage } from './message.js';
import type { MessageTest } from './options.js';

/** Somebody who waits for a message. */
export interface Taker {
  /** Never throws. */
  readonly fits: MessageTest;
  /** Gets the message that fits, once. */
  readonly take: (message: WsMessage) => void;
}

/** The messages of a connection: each goes to the first of those who wait whom it fits, or into the backlog. */
export class Inbox {
  readonly #takers = new Set<Taker>();
  readonly #backlog: WsMessage[] = [];
  #dropped = 0;

  /** @param limit messages that the backlog holds, at most */
  constructor(private readonly limit: number) {}

  /** Messages that fell out of the backlog. */
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
    if (this.#backlog.length <= this.limit) return;
    this.#backlog.shift();
    this.#dropped += 1;
  }

  /** Takes the first message of the backlog that fits. */
  takeNow(fits: MessageTest): WsMessage | undefined {
    const at = this.#backlog.findIndex(fits);
    return at === -1 ? undefined : this.#backlog.splice(at, 1)[0];
  }

  wait(taker: Taker): void {
    this.#takers.add(taker);
  }

  leave(taker: Taker): void {
    this.#takers.delete(taker);
  }
}
