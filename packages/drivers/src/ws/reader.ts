import { InterruptedError, refuseInterrupted } from '../calls/interrupted.js';
import type { Inbox, Taker } from './inbox.js';
import { anyMessage } from './matching.js';
import type { WsMessage } from './message.js';

type Read = IteratorResult<WsMessage, undefined>;

interface WaitingRead {
  readonly taker: Taker;
  readonly end: () => void;
  readonly interrupt: () => void;
}

/** Hands out the messages of an inbox one by one, uncounted, for `for await`. */
export class MessageReader implements AsyncIterator<WsMessage, undefined> {
  readonly #waiting = new Set<WaitingRead>();
  #state: 'open' | 'ended' | 'interrupted' = 'open';

  constructor(private readonly inbox: Inbox) {}

  async next(): Promise<Read> {
    if (this.#state === 'interrupted') return await refuseInterrupted();
    const message = this.inbox.takeNow(anyMessage);
    if (message !== undefined) return { done: false, value: message };
    return this.#state === 'ended' ? { done: true, value: undefined } : await this.#wait();
  }

  /** No more messages will arrive. Those left are handed out, then the iteration ends. */
  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
    for (const waiting of this.#waiting) waiting.end();
    this.#waiting.clear();
  }

  interrupt(): void {
    this.#state = 'interrupted';
    for (const waiting of this.#waiting) {
      this.inbox.leave(waiting.taker);
      waiting.interrupt();
    }
    this.#waiting.clear();
  }

  #wait(): Promise<Read> {
    return new Promise((resolve, reject) => {
      const taker: Taker = {
        fits: anyMessage,
        take: (message) => {
          this.#waiting.delete(waiting);
          resolve({ done: false, value: message });
        },
      };
      const waiting: WaitingRead = {
        taker,
        end: () => resolve({ done: true, value: undefined }),
        interrupt: () => reject(new InterruptedError()),
      };
      this.#waiting.add(waiting);
      this.inbox.wait(taker);
    });
  }
}
