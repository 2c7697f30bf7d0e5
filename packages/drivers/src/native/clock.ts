import { currentTurn, turnsEnded } from '../dial/turn-end.js';

/**
 * The instant of things that come in, taken once for each batch of the event loop: by the first socket that is read, and
 * forgotten when all have been. Bytes that wait in the kernel while other users' code runs are so not charged for it.
 */
export class BatchClock {
  #atMs = 0;
  #turn = -1;

  /** @param now the lane's monotonic clock, milliseconds: the true instant, for things that are sent */
  constructor(readonly now: () => number) {}

  /**
   * The batch's instant for a response. With very many sockets a turn of the event loop asks the
   * system for ready ones several times. A response to a request that was sent after the batch's
   * instant came in with a later answer of the system: a new batch begins.
   */
  arrivalAfterMs(sentAtMs: number): number {
    const atMs = this.arrivalMs();
    return atMs > sentAtMs ? atMs : (this.#atMs = this.now());
  }

  /** The batch's instant. */
  arrivalMs(): number {
    const turn = currentTurn();
    if (turn === this.#turn) return this.#atMs;
    this.#turn = turn;
    return (this.#atMs = this.now());
  }

  /** The present instant, or that of the batch it is in: for what need not be exact, as a look at the clock is felt. */
  aboutMs(): number {
    return this.#turn === turnsEnded() ? this.#atMs : this.now();
  }
}
