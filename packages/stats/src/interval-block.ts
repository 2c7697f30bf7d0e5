import type { IntervalDelta } from './delta.js';

/** What was counted in seconds in a row. */
export interface CollectedSeconds {
  readonly deltas: readonly IntervalDelta[];
  readonly fromSecond: number;
  readonly seconds: number;
}

/** Collects seconds in a row until a multiple of so many seconds is over. */
export class IntervalBlock {
  #deltas: IntervalDelta[] = [];
  #fromSecond: number | undefined;
  #lastSecond = -1;

  constructor(private readonly length: number) {}

  /** A second is over. @returns the seconds collected, if it is the last of a block */
  close(second: number, deltas: readonly IntervalDelta[]): CollectedSeconds | undefined {
    this.#fromSecond ??= second;
    this.#lastSecond = second;
    this.#deltas.push(...deltas);
    return (second + 1) % this.length === 0 ? this.end() : undefined;
  }

  /** Adds what a second has gained since. @returns false if its block was handed out before */
  correct(delta: IntervalDelta): boolean {
    if (this.#fromSecond === undefined || delta.second < this.#fromSecond) return false;
    this.#deltas.push(delta);
    return true;
  }

  /** The seconds collected so far; undefined if there are none. */
  end(): CollectedSeconds | undefined {
    const fromSecond = this.#fromSecond;
    const deltas = this.#deltas;
    this.restart();
    if (fromSecond === undefined) return undefined;
    return { deltas, fromSecond, seconds: this.#lastSecond + 1 - fromSecond };
  }

  restart(): void {
    this.#deltas = [];
    this.#fromSecond = undefined;
  }
}
