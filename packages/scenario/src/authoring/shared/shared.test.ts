import { beforeEach, describe, expect, test } from '@jest/globals';
import { NamedValues, RowLeases, SharedState, type SharedAnswer, type SharedOp } from '@drumline/model';
import { installShared } from '../../runtime/shared.js';
import { shared } from './shared.js';

/** A master in this process. Answers come in a later turn of the event loop. */
class Near {
  private readonly state = new SharedState({ rows: new RowLeases([]), ...new NamedValues().handlers });
  private readonly listeners = new Map<string, () => void>();
  private seq = 0;
  asked = 0;

  async ask<A extends SharedAnswer>(op: SharedOp): Promise<A> {
    this.asked += 1;
    const [answer] = this.state.apply({ client: 'c', seq: (this.seq += 1), ops: [op] })!;
    await new Promise((resolve) => setImmediate(resolve));
    for (const keys of this.state.takeNotices().values()) for (const key of keys) this.listeners.get(key)?.();
    return answer as A;
  }

  onWake(key: string, listener: () => void): void {
    this.listeners.set(key, listener);
  }
}

test('values are out of reach while the scenario is loaded', async () => {
  await expect(shared.counter('early').add()).rejects.toThrow('not while the scenario is loaded');
});

describe('in a lane', () => {
  let near: Near;
  let number = 0;
  /** A name that no other test has used in this process. */
  const fresh = (): string => `n${(number += 1)}`;
  beforeEach(() => installShared((near = new Near())));

  test('a counter gives each caller another number', async () => {
    const orders = shared.counter(fresh());
    const numbers = await Promise.all(Array.from({ length: 20 }, () => orders.add()));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await orders.add(-5)).toBe(15);
    expect(await orders.get()).toBe(15);
  });

  test('a queue is first in, first out', async () => {
    const jobs = shared.queue<{ id: number }>(fresh());
    await jobs.push({ id: 1 });
    await jobs.push({ id: 2 });
    expect([await jobs.pop(), await jobs.length(), await jobs.pop(), await jobs.pop()]).toEqual([
      { id: 1 },
      1,
      { id: 2 },
      undefined,
    ]);
  });

  test('those that wait get what comes, each one value', async () => {
    const jobs = shared.queue<number>(fresh());
    const got = Promise.all([1, 2, 3].map(() => jobs.pop({ wait: '30s' })));
    await jobs.push(7);
    await Promise.all([jobs.push(8), jobs.push(9)]);
    expect(new Set(await got)).toEqual(new Set([7, 8, 9]));
    expect(await jobs.length()).toBe(0);
  });

  test('a wait ends without a value', async () => {
    expect(await shared.queue(fresh()).pop({ wait: 20 })).toBeUndefined();
    expect(near.asked).toBeGreaterThan(1);
  });

  test('a map changes in single steps', async () => {
    const map = shared.map<'a' | 'b', { n: number }>(fresh());
    expect(await map.get('a')).toBeUndefined();
    const added = await Promise.all([1, 2, 3].map((n) => map.add('a', { n })));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await map.getOrSet('a', { n: 9 })).toEqual({ n: 1 });
    expect(await map.getOrSet('b', { n: 9 })).toEqual({ n: 9 });
    await Promise.all(Array.from({ length: 10 }, () => map.update('b', (now) => ({ n: now!.n + 1 }))));
    expect(await map.get('b')).toEqual({ n: 19 });
    expect(await map.size()).toBe(2);
    expect(await Promise.all([map.delete('a'), map.delete('a')])).toEqual([true, false]);
    await map.set('a', { n: 0 });
    expect(await map.update('a', async () => ({ n: 1 }))).toEqual({ n: 1 });
  });

  test('an error in the change of a map changes nothing', async () => {
    const map = shared.map<string, number>(fresh());
    const change = (): never => {
      throw new Error('no');
    };
    await expect(map.update('a', change)).rejects.toThrow('no');
    expect(await map.size()).toBe(0);
  });

  test.each<[() => unknown, string]>([
    [() => shared.counter(''), 'shared.counter: the name must be text of 1 to 200 characters, not ""'],
    [() => shared.queue('x'.repeat(201)), 'shared.queue: the name must be text'],
    [() => shared.counter('c').add('1' as never), "shared.counter('c'): 1 is not a number"],
    [() => shared.counter('c').add(NaN), "shared.counter('c'): NaN is not a number"],
    [() => shared.queue('q').push(undefined), "shared.queue('q'): the value is undefined, not plain data"],
    [
      () => shared.queue('q').push('ü'.repeat(8_192)),
      'the value has 16,386 bytes as JSON, at most 16,384 are',
    ],
    [() => shared.queue('q').pop({ waitMs: 5 } as never), "pop: there is no option 'waitMs'"],
    [
      () => shared.map('m').get(5 as never),
      "shared.map('m'): the key must be text of at most 200 characters, not 5",
    ],
  ])('mistakes are clear: %#', async (call, message) => {
    await expect((async () => await call())()).rejects.toThrow(message);
  });

  test('what the master refuses is an error', async () => {
    const counter = shared.counter(fresh());
    await counter.add(Number.MAX_SAFE_INTEGER);
    await expect(counter.add()).rejects.toThrow('the sum is larger than numbers that are exact');
  });
});
