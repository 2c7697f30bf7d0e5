import type { IntervalDelta } from '../delta.js';
import { SelectedCounts, type SelectedDelta } from './selected-counts.js';
import type { Selector } from './selector.js';

/** Windows are summed from blocks of this many seconds, so that long ones stay cheap. */
const BLOCK = 10;

/** What a selector has counted in each of the last seconds. */
export class SelectedSeconds {
  readonly #seconds = new Map<number, SelectedDelta>();
  /** Sums of whole blocks, by number of the block. Removed when one of its seconds changes. */
  readonly #blocks = new Map<number, SelectedDelta>();
  readonly #scratch = new SelectedCounts();
  #from = 0;

  /** @param keep the number of seconds that are kept */
  constructor(
    private readonly selector: Selector,
    private readonly keep: number,
  ) {}

  /** The oldest second that is kept. */
  get from(): number {
    return this.#from;
  }

  add(delta: IntervalDelta): void {
    const { second } = delta;
    if (second < this.#from) return;
    const scratch = this.#scratch;
    scratch.reset();
    const known = this.#seconds.get(second);
    if (!scratch.selectOfSecond(delta, this.selector)) return;
    if (known) scratch.add(known);
    this.#seconds.set(second, scratch.delta());
    this.#blocks.delete(Math.floor(second / BLOCK));
  }

  /** The sum of the seconds from one to another, both inclusive. Valid until the next call. */
  sum(fromSecond: number, toSecond: number): SelectedCounts {
    const sum = this.#scratch;
    const parts: SelectedDelta[] = [];
    for (let second = fromSecond; second <= toSecond;) {
      if (second % BLOCK === 0 && second + BLOCK - 1 <= toSecond) {
        parts.push(this.#block(second / BLOCK));
        second += BLOCK;
      } else {
        const delta = this.#seconds.get(second);
        if (delta) parts.push(delta);
        second += 1;
      }
    }
    sum.reset();
    for (const part of parts) sum.add(part);
    return sum;
  }

  /** Forgets seconds that are too old. @param newest the newest second */
  trim(newest: number): void {
    for (; this.#from <= newest - this.keep; this.#from += 1) {
      this.#seconds.delete(this.#from);
      if (this.#from % BLOCK === 0) this.#blocks.delete(this.#from / BLOCK - 1);
    }
  }

  reset(fromSecond: number): void {
    this.#seconds.clear();
    this.#blocks.clear();
    this.#from = fromSecond;
  }

  #block(number: number): SelectedDelta {
    const known = this.#blocks.get(number);
    if (known) return known;
    const sum = this.#scratch;
    sum.reset();
    for (let second = number * BLOCK; second < (number + 1) * BLOCK; second += 1) {
      const delta = this.#seconds.get(second);
      if (delta) sum.add(delta);
    }
    const block = sum.delta();
    this.#blocks.set(number, block);
    return block;
  }
}
