import { InterruptedError } from '../../calls/interrupted.js';

/** The delay before a reconnection. */
export class Pause {
  /** Rejects with an InterruptedError if the user is stopped. */
  readonly done: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #resolve!: () => void;
  #reject!: (reason: Error) => void;

  get isPending(): boolean {
    return false;
  }

  constructor(delayMs: number) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(this.#resolve, delayMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#resolve();
  }

  interrupt(): void {
    clearTimeout(this.#timer);
    this.#reject(new InterruptedError());
  }
}
