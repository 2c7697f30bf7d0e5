import type { WsMessage } from './message.js';
import type { MessageTest } from './options.js';

/** A user's test of messages, which may throw: such a message does not fit. */
export class CarefulTest {
  #judged = false;
  #thrown: unknown;

  constructor(private readonly test: MessageTest) {}

  readonly fits = (message: WsMessage): boolean => {
    try {
      const fits = this.test(message);
      this.#judged = true;
      return fits;
    } catch (error) {
      this.#thrown = error;
      return false;
    }
  };

  /**
   * What it threw last, if it never did anything else: a mistake in the test, then, and not a
   * message of another kind.
   */
  get mistake(): unknown {
    return this.#judged ? undefined : this.#thrown;
  }
}

export const anyMessage: MessageTest = () => true;
