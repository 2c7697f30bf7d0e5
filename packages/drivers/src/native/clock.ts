import { currentTurn, turnsEnded } from '../dial/turn-end.js';

/**
 * The instant at which data arrived, taken once per batch of the event loop.
 *
 * The first socket that is read takes it, and it is cleared after all have been read. Bytes that
 * wait in the kernel while other users' code runs are therefore not charged for that time.
 */
export class BatchClock {
  #atMs = 0;
  #turn = -1;

  /** @param now the lane's monotonic clock in milliseconds, used directly for sends */
  constructor(readonly now: () => number) {}

  /**
   * The batch's instant for a response.
   *
   * With very many sockets, one turn of the event loop polls the system several times. A response
   * to a request sent after the batch's instant came from a later poll, so it begins a new batch.
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

  /**
   * The present instant, or that of the current batch. Use it where precision is not needed:
   * reading the clock costs measurable time.
   */
  aboutMs(): number {
    return this.#turn === turnsEnded() ? this.#atMs : this.now();
  }
}
