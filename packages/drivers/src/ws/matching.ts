import type { WsMessage } from './message.js';
import type { MessageTest } from './options.js';

/** A user's test of messages. If it throws, the message does not match. */
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
   * The last error, if every call threw: this is a mistake in the test and not another kind of
   * message.
   */
  get mistake(): unknown {
    return this.#judged ? undefined : this.#thrown;
  }
}

export const anyMessage: MessageTest = () => true;
