import { sharedCounter, type SharedCounter } from './counter.js';
import { sharedMap, type SharedMap } from './map.js';
import { sharedQueue, type SharedQueue } from './queue.js';

/**
 * Values that all users of the run share, on all workers. They are kept by the master, and survive
 * it: a call resolves when its change is stored. That takes a round trip to the master and a commit
 * there, so use them for what users must agree on, not for every request.
 *
 * Calls are possible in tasks, `setup`, `teardown` and hooks on workers. Values are plain data of
 * at most 16 KiB as JSON. While the master is away, calls wait for it.
 *
 * @example
 * ```ts
 * const orders = shared.counter('orders');
 * const jobs = shared.queue<{ id: number }>('jobs');
 * const sessions = shared.map<string, { token: string }>('sessions');
 * // in a task:
 * const number = await orders.add(1);
 * const job = await jobs.pop({ wait: '5s' });
 * await sessions.set('ann', { token: 'abc' });
 * ```
 */
export const shared = {
  /**
   * A number that users add to, such as a limit of orders or unique numbers.
   *
   * @throws TypeError if the name is not text of 1 to 200 characters
   */
  counter(name: string): SharedCounter {
    return sharedCounter(name);
  },
  /**
   * A queue in which users pass values to others: first in, first out, each to one user.
   *
   * @throws TypeError if the name is not text of 1 to 200 characters
   */
  queue<T = unknown>(name: string): SharedQueue<T> {
    return sharedQueue<T>(name);
  },
  /**
   * Values by key, such as sessions by account.
   *
   * @throws TypeError if the name is not text of 1 to 200 characters
   */
  map<K extends string = string, T = unknown>(name: string): SharedMap<K, T> {
    return sharedMap<K, T>(name);
  },
};
