import type { WsMessage } from './message.js';
import type { MessageTest } from './options.js';

/** A user's test of messages. If it throws, the message does not match. */
export class CarefulTest {
  #judged = false;
  #thrown: unknown;
  /** Number of messages that did not match. */
  refused = 0;
  lastRefused: WsMessage | undefined;

  constructor(private readonly test: MessageTest) {}

  readonly fits = (message: WsMessage): boolean => {
    try {
      const fits = this.test(message);
      this.#judged = true;
      if (!fits) this.#refuse(message);
      return fits;
    } catch (error) {
      this.#thrown = error;
      this.#refuse(message);
      return false;
    }
  };

  /**
   * The last error, if every call threw: this is a mistake in the test and not another kind of
   * message.
   */
  get mistake(): unknown {
    return this.#judged ? undefined : this.#thrown;
  }

  #refuse(message: WsMessage): void {
    this.refused += 1;
    this.lastRefused = message;
  }
}

export const anyMessage: MessageTest = () => true;
