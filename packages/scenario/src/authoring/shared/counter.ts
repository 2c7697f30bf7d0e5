import type { CounterAnswer } from '@drumline/model';
import { requireShared } from '../../runtime/shared.js';
import { accepted, requireName } from './shared-text.js';

/** A number that all users share. */
export interface SharedCounter {
  /** The name of the counter. */
  readonly name: string;
  /**
   * Adds a number, which may be negative.
   *
   * @returns the value after that. No other call gets the same value, if all add 1
   * @throws TypeError if it is not a number
   * @throws RangeError if the sum is not exact any more, or there are too many counters
   */
  add(value?: number): Promise<number>;
  /** The present value. A counter begins with 0. */
  get(): Promise<number>;
}

/** See `shared.counter`. */
export function sharedCounter(name: string): SharedCounter {
  requireName('counter', name);
  const ask = async (add: number): Promise<number> => {
    const answer = await requireShared().ask<CounterAnswer>({ kind: 'counter', name, add });
    return accepted('counter', name, answer).value;
  };
  return {
    name,
    get: () => ask(0),
    add: async (value = 1) => {
      if (typeof value === 'number' && Number.isFinite(value)) return await ask(value);
      throw new TypeError(`shared.counter('${name}'): ${String(value)} is not a number`);
    },
  };
}
