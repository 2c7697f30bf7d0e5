import { atTurnEnd, type TurnEnding } from '../dial/turn-end.js';

/**
 * The instant of things that come in, taken once for each batch of the event loop: by the first socket that is read, and
 * forgotten when all have been. Bytes that wait in the kernel while other users' code runs are so not charged for it.
 */
export class BatchClock implements TurnEnding {
  #atMs = 0;
  #fresh = false;

  /** @param now the lane's monotonic clock, milliseconds: the true instant, for things that are sent */
  constructor(readonly now: () => number) {}

  /** The batch's instant. For a response take the later of this and the instant of sending: both may fall in one batch. */
  arrivalMs(): number {
    if (this.#fresh) return this.#atMs;
    this.#fresh = true;
    atTurnEnd(this);
    return (this.#atMs = this.now());
  }

  turnEnded(): void {
    this.#fresh = false;
  }
}
